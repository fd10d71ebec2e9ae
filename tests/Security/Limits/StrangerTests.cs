using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using CocoonPool.Grains.Workers.Link;
using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Security.Tests.Limits;

/// <summary>What somebody who has proven nothing can make the pool do, hold, or believe.</summary>
public sealed class StrangerTests(PoolUnderAttack pool)
{
    [Fact]
    public async Task WorkersThatDoNotExist_AskedForInMasses_LeaveNoGrainBehind()
    {
        using var stranger = pool.NewCaller();
        var signature = $"{pool.Time.GetUtcNow().ToUnixTimeMilliseconds()}.{Convert.ToBase64String(new byte[64])}";
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tasks/request")
            {
                Content = new StringContent($$"""{"worker_id":"ghost-{{i}}"}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("X-Worker-Signature", signature);
            using var answer = await stranger.SendAsync(request, stop);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        });

        await FourEyes.Until(() => Task.FromResult(Activations.Named(pool, "ghost-") == 0));
    }

    [Fact]
    public async Task WorkerLink_WithAKeyOfOnesOwnAndAnotherName_LeavesNoGrainBehind()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        for (var i = 0; i < 20; i++)
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(new UriBuilder(pool.Url) { Scheme = "ws", Path = "/worker/v1/link" }.Uri, TestContext.Current.CancellationToken);
            var challenge = (ChallengeFrame)FrameJson.ReadServerFrame(await Next(socket));
            var hello = HelloProof.Sign(key, challenge.Pool, challenge.Nonce, $"phantom-{i}");
            var frame = new ArrayBufferWriter<byte>();
            FrameJson.Write(frame, new HelloFrame(LinkLimits.Protocol, $"phantom-{i}", key.ExportSubjectPublicKeyInfo(), hello, "attacker"));
            await socket.SendAsync(frame.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
            FrameJson.ReadServerFrame(await Next(socket)).ShouldBeOfType<ErrorFrame>().Code.ShouldBe(LinkErrors.UnknownWorker);
        }

        (await pool.Scalar<long>("select count(*) from audit_log where action = 'worker_link' and not success and object = 'phantom-7' and after like '%unknown_worker%'")).ShouldBe(1);
        await FourEyes.Until(() => Task.FromResult(Activations.Named(pool, "phantom-") == 0));
    }

    [Fact]
    public async Task WorkerLinksThatNeverSayWhoTheyAre_KeepNobodyElseOut()
    {
        var (link, hoard) = (new UriBuilder(pool.Url) { Scheme = "ws", Path = "/worker/v1/link" }.Uri, new List<ClientWebSocket>());
        try
        {
            var refused = 0;
            for (var i = 0; i < 80; i++)
            {
                var socket = new ClientWebSocket();
                hoard.Add(socket);
                if (await Record.ExceptionAsync(() => socket.ConnectAsync(link, TestContext.Current.CancellationToken)) is not null)
                    refused++;
            }

            refused.ShouldBeGreaterThan(0);
            using var worker = new ClientWebSocket();
            await worker.ConnectAsync(link, new HttpMessageInvoker(pool.NewHandler()), TestContext.Current.CancellationToken);
            worker.State.ShouldBe(WebSocketState.Open);
        }
        finally
        {
            hoard.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task EpochsThatNeverBegan_WakeNoGrain()
    {
        using var stranger = pool.NewCaller();
        for (var number = 700_000; number < 700_050; number++)
            (await stranger.Get($"/api/v1/epochs/{number}/settlement")).Status.ShouldBe(404);

        Activations.Named(pool, "/7000").ShouldBe(0);
    }

    [Fact]
    public async Task Metrics_AreOnTheirOwnListenerAlone_WhateverHostIsNamed()
    {
        using var stranger = pool.NewCaller();
        stranger.DefaultRequestHeaders.Host = pool.MetricsUrl.Authority;
        using var scraper = new HttpClient { BaseAddress = pool.MetricsUrl };

        foreach (var path in (string[])["/metrics", "/METRICS", "/metrics/"])
            (await stranger.Get(path)).Status.ShouldBe(404, path);
        (await scraper.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).ShouldContain("epoch_current");
        foreach (var path in (string[])["/api/v1/pool/stats", "/health", "/console/", "/worker/v1/link"])
            (await scraper.Get(path)).Status.ShouldBe(404, path);
    }

    [Fact]
    public async Task KeysThatNobodyHas_SentInMasses_ReachTheDatabaseSixtyTimesAMinute()
    {
        using var guesser = pool.NewCaller("ck_guess");
        var answers = new List<int>();
        for (var i = 0; i < 80; i++)
            answers.Add((await guesser.Get("/api/v1/workers")).Status);

        answers.Take(60).ShouldAllBe(status => status == 401);
        answers[^1].ShouldBe(429);
        using var other = pool.NewCaller(pool.OperatorKey);
        (await other.Get("/api/v1/workers")).Status.ShouldBe(200, "others are elsewhere");
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::", "2001:db8:1:2::/64")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    public void Limits_CountTheWholeNetworkThatOneConnectionIsGiven(string address, string counted)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);

        context.SourceNetwork().ShouldBe(counted);
    }

    [Theory]
    [InlineData(null, "6.6.6.6", "127.0.0.1")] // nobody is a proxy: the header is what somebody wrote
    [InlineData("10.0.0.0/8", "6.6.6.6", "127.0.0.1")] // another one is
    [InlineData("127.0.0.1", "6.6.6.6", "6.6.6.6")] // this one is
    [InlineData("127.0.0.1", "6.6.6.6, 7.7.7.7", "7.7.7.7")] // only what the proxy itself added counts
    public async Task ForwardedFor_IsBelievedOfNamedProxiesAlone(string? proxy, string header, string seen)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Transport:BehindProxy"] = "true" });
        if (proxy is not null)
            builder.Configuration["Transport:Proxies:0"] = proxy;
        await using var app = builder.Build();
        app.UseClientAddress();
        app.Run(context => context.Response.WriteAsync(context.SourceNetwork()));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        http.DefaultRequestHeaders.Add("X-Forwarded-For", header);

        (await http.GetStringAsync("/", TestContext.Current.CancellationToken)).ShouldBe(seen);
    }

    private static async Task<byte[]> Next(ClientWebSocket socket)
    {
        var buffer = new byte[64 << 10];
        var read = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return buffer[..read.Count];
    }
}
