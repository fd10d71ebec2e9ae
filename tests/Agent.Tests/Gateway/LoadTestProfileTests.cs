using System.Net;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Agent.Tests.Gateway;

public sealed class LoadTestProfileTests
{
    [Fact]
    public async Task EveryAnswer_UnderTheProfile_SaysSo_AndNothingIsLimited()
    {
        await using var app = await Start("LoadTest");
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        for (var i = 0; i < 3; i++)
        {
            using var answer = await http.GetAsync("/query");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.GetValues("X-Profile").ShouldBe(["load-test"]);
        }
        using var missing = await http.GetAsync("/nothing");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        missing.Headers.GetValues("X-Profile").ShouldBe(["load-test"]);
        using var registered = await http.PostAsync("/register", null);
        (await registered.Content.ReadAsStringAsync()).ShouldBe("load-test");
    }

    [Fact]
    public async Task WithoutTheProfile_NothingOfItIsThere()
    {
        await using var app = await Start(null);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var first = await http.GetAsync("/query");
        using var second = await http.GetAsync("/query");
        using var registered = await http.PostAsync("/register", null);

        first.Headers.Contains("X-Profile").ShouldBeFalse();
        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await registered.Content.ReadAsStringAsync()).ShouldBe("nobody");
    }

    private static async Task<WebApplication> Start(string? profile)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Configuration["Pool:Profile"] = profile;
        builder.Services.AddRateLimits().Configure<RateLimitOptions>(o => o.QueriesPerMinute = 1);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddLoadTestProfile();
        var app = builder.Build();
        app.UseLoadTestHeader();
        app.UseMiddleware<ErrorAnswers>();
        app.UseRouting();
        app.UseLoadTestProfile();
        app.UseMiddleware<RateLimiter>();
        app.MapGet("/query", () => "");
        app.MapPost("/register", (Microsoft.AspNetCore.Http.HttpContext context) => context.Holder()?.Subject ?? "nobody").WithMetadata(new RequiredPermission(Permission.ManageWorker));
        await app.StartAsync();
        return app;
    }
}
