using System.Net;
using CocoonPool.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Security.Tests.Limits;

/// <summary>Somebody asks the pool to fetch what they cannot reach themselves.</summary>
public sealed class OutboundTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::7f00:1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    public void Address_ThatIsNotPublic_IsNotGoneTo(string address) => OutboundHttp.IsPublic(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700:4700::1111")]
    public void Address_ThatIsPublic_Is(string address) => OutboundHttp.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();

    [Theory]
    [InlineData("http://pool.example/")]
    [InlineData("ftp://pool.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://pool.example:70/")]
    [InlineData("https://user:secret@pool.example/")]
    [InlineData("//pool.example/")]
    [InlineData("")]
    public void Url_OfAnotherKind_IsRefusedAtOnce(string url) => OutboundHttp.Problem(url, development: false).ShouldNotBeNull();

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://127.1:{0}/")]
    public async Task Loopback_HoweverItIsWritten_IsNotReached(string url)
    {
        await using var inside = await Server(_ => Results.Text("secret"));
        using var http = OutboundHttp.Create();

        var problem = await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(string.Format(url, inside.Port)));

        (problem.InnerException is OutboundRefusedException || problem.HttpRequestError == HttpRequestError.NameResolutionError).ShouldBeTrue(problem.ToString());
        inside.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task NameThatLeadsInside_IsNotFollowed()
    {
        await using var inside = await Server(_ => Results.Text("secret"));
        using var http = OutboundHttp.Create(resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("1.1.1.1"), IPAddress.Loopback]));

        (await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync($"http://rebind.example:{inside.Port}/"))).InnerException.ShouldBeOfType<OutboundRefusedException>();
        inside.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task NameThatAnswersDifferentlyTheSecondTime_IsAskedOnce()
    {
        await using var receiver = await Server(_ => Results.Text("ok"));
        var asked = 0;
        using var http = OutboundHttp.Create(
            allow: a => a.Equals(IPAddress.Loopback),
            resolve: (_, _) => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref asked) == 1 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")]));

        (await http.GetStringAsync($"http://flips.example:{receiver.Port}/")).ShouldBe("ok");
        asked.ShouldBe(1, "the address that was judged is the one that was connected to");
    }

    [Fact]
    public async Task Redirect_ToTheInside_IsNotFollowed()
    {
        await using var inside = await Server(_ => Results.Text("secret"));
        await using var outside = await Server(_ => Results.Redirect($"http://127.0.0.1:{inside.Port}/"));
        using var http = OutboundHttp.Create(allow: a => a.Equals(IPAddress.Loopback));

        using var answer = await http.GetAsync($"http://127.0.0.1:{outside.Port}/");

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        inside.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task AnswerWithoutEnd_IsCutOff()
    {
        await using var endless = await Server(_ => Results.Stream(async body =>
        {
            for (var i = 0; i < 1_000; i++)
                await body.WriteAsync(new byte[10_000]);
        }));
        using var http = OutboundHttp.Create(allow: a => a.Equals(IPAddress.Loopback));

        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync($"http://127.0.0.1:{endless.Port}/"));
    }

    private static async Task<Listener> Server(Func<HttpContext, IResult> answer)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var listener = new Listener(app);
        app.Run(context =>
        {
            listener.Count();
            return answer(context).ExecuteAsync(context);
        });
        await app.StartAsync();
        return listener;
    }

    private sealed class Listener(WebApplication app) : IAsyncDisposable
    {
        private int _asked;

        public int Asked => _asked;

        public int Port => new Uri(app.Urls.Single()).Port;

        public void Count() => Interlocked.Increment(ref _asked);

        public async ValueTask DisposeAsync()
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await app.StopAsync(soon.Token);
            await app.DisposeAsync();
        }
    }
}
