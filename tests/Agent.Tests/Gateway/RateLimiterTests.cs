using System.Net;
using CocoonPool.Silo.Api;
using CocoonPool.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Agent.Tests.Gateway;

public sealed class RateLimiterTests
{
    [Fact]
    public async Task Requests_BeyondTheLimit_Are429WithTheHeaders_AndHealthNeverIs()
    {
        var time = new ManualTimeProvider();
        await using var app = await Start(time);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        for (var left = 2; left >= 0; left--)
        {
            using var allowed = await http.GetAsync("/query");
            allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
            Header(allowed, "X-RateLimit-Limit").ShouldBe("3");
            Header(allowed, "X-RateLimit-Remaining").ShouldBe($"{left}");
        }
        using var refused = await http.GetAsync("/query");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("rate_limit_exceeded");

        using var otherClass = await http.PostAsync("/change", null);
        otherClass.StatusCode.ShouldBe(HttpStatusCode.OK, "each class counts for itself");
        for (var i = 0; i < 20; i++)
        {
            using var health = await http.GetAsync("/health");
            health.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        time.Advance(TimeSpan.FromMinutes(2));
        using var later = await http.GetAsync("/query");
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<WebApplication> Start(ManualTimeProvider time)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddRateLimits().Configure<RateLimitOptions>(o => o.QueriesPerMinute = 3);
        var app = builder.Build();
        app.UseMiddleware<ErrorAnswers>();
        app.UseRouting();
        app.UseMiddleware<RateLimiter>();
        app.MapGet("/query", () => "");
        app.MapPost("/change", () => "");
        app.MapGet("/health", () => "");
        await app.StartAsync();
        return app;
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
