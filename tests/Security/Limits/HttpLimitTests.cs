using System.Net;
using System.Net.WebSockets;
using System.Text;
using CocoonPool.Security.Tests.Host;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Live;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Security.Tests.Limits;

public sealed class HttpLimitTests(PoolUnderAttack pool)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("{\"username\":" + "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("{\"username\":\"a\",\"username\":\"b\",\"password\":\"p\",\"totp\":\"1\"}")]
    [InlineData("{\"username\":\"a\",\"password\":\"p\",\"totp\":\"1\",\"role\":\"pool-admin\"}")]
    [InlineData("{\"username\":{\"$ne\":null},\"password\":\"p\",\"totp\":\"1\"}")]
    [InlineData("{\"username\":1e999,\"password\":\"p\"}")]
    [InlineData("\u0000\u0001")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Json_ThatIsABomb_OrSaysMoreThanItShould_IsRefused(string body)
    {
        using var stranger = pool.NewCaller();
        using var answer = await stranger.PostAsync("/auth/operator", new StringContent(body, Encoding.UTF8, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("CocoonPool.");
    }

    [Fact]
    public async Task EveryChange_WithABodyThatIsNone_IsAnsweredInWords()
    {
        using var admin = pool.NewCaller(pool.OperatorKey);
        foreach (var door in Access.Door.Of(pool, $"0:{new string('7', 64)}").Where(d => d.Method is "POST" or "PATCH" or "PUT" && d.Permission is not (Permission.Session or Permission.RotateKeys)))
        {
            foreach (var body in (string[])["[]", "\"x\"", "{", "{\"a\":", "{\"unknown_member\":{}}", new string('[', 2000), "{\"wallet_address\":null,\"role\":null}"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(door.Method), door.Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
                using var answer = await admin.SendAsync(request);
                ((int)answer.StatusCode).ShouldBeLessThan(500, $"{door} with {body[..Math.Min(body.Length, 30)]}");
            }
        }
    }

    [Fact]
    public async Task Body_ThatNeverEnds_IsCutOff()
    {
        using var connection = await RawConnection.Open(pool.Url);
        await connection.Say("POST /auth/operator HTTP/1.1\r\nHost: pool\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var chunk = "10000\r\n" + new string(' ', 0x10000) + "\r\n";
        var sent = 0;
        while (sent < 3_000 && await connection.Say(chunk))
            sent++;

        sent.ShouldBeLessThan(3_000, "200 MB were taken");
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(32 << 20);
    }

    [Theory]
    [InlineData(65, 10)] // too many
    [InlineData(1, 20_000)] // too long
    [InlineData(60, 1_000)] // too much
    public async Task HeaderFlood_IsRefused(int count, int length)
    {
        using var connection = await RawConnection.Open(pool.Url);
        await connection.Say($"GET /health HTTP/1.1\r\nHost: pool\r\n{string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', length)}\r\n"))}\r\n");

        var (text, closed) = await connection.Hear(Quiet);

        text.ShouldStartWith("HTTP/1.1 431");
        closed.ShouldBeTrue();
    }

    [Fact]
    public async Task RequestLine_ThatIsTooLong_IsRefused()
    {
        using var connection = await RawConnection.Open(pool.Url);
        await connection.Say($"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: pool\r\n\r\n");

        (await connection.Hear(Quiet)).Text.ShouldStartWith("HTTP/1.1 414");
    }

    [Theory]
    [InlineData("POST /health HTTP/1.1\r\nHost: p\r\nContent-Length: 4\r\nContent-Length: 40\r\n\r\n")]
    [InlineData("POST /health HTTP/1.1\r\nHost: p\r\nContent-Length: 4, 40\r\n\r\n")]
    [InlineData("POST /health HTTP/1.1\r\nHost: p\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /health HTTP/1.1\r\nHost: p\r\nContent-Length : 5\r\n\r\n")]
    [InlineData("POST /health HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: xchunked\r\n\r\n")]
    [InlineData("POST /health HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked, identity\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: p\r\nX: a\r\n folded: b\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: p\r\nHost: q\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\n\r\n")]
    [InlineData("GET /health HTTP/9.9\r\nHost: p\r\n\r\n")]
    [InlineData("GET /health\0x HTTP/1.1\r\nHost: p\r\n\r\n")]
    public async Task RequestThatTwoServersWouldReadDifferently_IsRefused(string head)
    {
        using var connection = await RawConnection.Open(pool.Url);
        await connection.Say(head + "0\r\n\r\nGET /api/v1/pool/stats HTTP/1.1\r\nHost: smuggled\r\n\r\n");

        var (text, _) = await connection.Hear(Quiet);

        text.ShouldMatch("^HTTP/1.1 (400|501|505)");
        text.Split("HTTP/1.1 ").Length.ShouldBe(2, "the request hidden in the body was answered");
    }

    [Fact]
    public async Task LengthAndChunksTogether_NeverLeaveASecondRequestBehind()
    {
        using var connection = await RawConnection.Open(pool.Url);
        await connection.Say("POST /auth/challenge HTTP/1.1\r\nHost: p\r\nContent-Type: application/json\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/pool/stats HTTP/1.1\r\nHost: smuggled\r\n\r\n");

        var (text, closed) = await connection.Hear(Quiet);

        (text.Split("HTTP/1.1 ").Length - 1).ShouldBe(1, text);
        closed.ShouldBeTrue();
    }

    [Fact]
    public async Task SlowHeadersAndSlowBodies_AreHungUpOn()
    {
        using var headers = await RawConnection.Open(pool.Url);
        using var body = await RawConnection.Open(pool.Url);
        await headers.Say("GET /health HTTP/1.1\r\nHost: p\r\nX-Slow: ");
        await body.Say("POST /auth/operator HTTP/1.1\r\nHost: p\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");

        var heard = await Task.WhenAll(headers.Hear(TimeSpan.FromSeconds(30)), body.Hear(TimeSpan.FromSeconds(30)));

        heard.ShouldAllBe(h => h.Closed);
        heard.ShouldAllBe(h => h.Text.StartsWith("HTTP/1.1 408", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WebSocketThatTalks_IsShownOut()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(pool.Url) { Scheme = "ws", Path = "/ws/events" }.Uri, CancellationToken.None);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var said = 0L;
        var talking = Task.Run(async () =>
        {
            try
            {
                for (; said < 64 << 20; said += 4096)
                    await socket.SendAsync(new byte[4096], WebSocketMessageType.Binary, endOfMessage: false, patience.Token);
            }
            catch (Exception problem) when (problem is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Hung up on.
            }
        });
        var status = default(WebSocketCloseStatus?);
        try
        {
            while (await socket.ReceiveAsync(new byte[1 << 16], patience.Token) is { MessageType: not WebSocketMessageType.Close })
            {
            }
            status = socket.CloseStatus;
        }
        catch (WebSocketException)
        {
            status = WebSocketCloseStatus.PolicyViolation; // Cut off before the goodbye was read.
        }
        socket.Abort();
        await talking;

        status.ShouldBe(WebSocketCloseStatus.PolicyViolation);
        said.ShouldBeLessThan(64 << 20);
    }

    [Fact]
    public async Task WebSocketsOfOneAddress_AreLimited()
    {
        // Who listened before has left, and the pool has noticed.
        await FourEyes.Until(() => Task.FromResult(pool.Services.GetRequiredService<ListenerSeats>().Taken == 0));
        var sockets = new List<ClientWebSocket>();
        var refused = 0;
        try
        {
            for (var i = 0; i < 130; i++)
            {
                var socket = new ClientWebSocket();
                sockets.Add(socket);
                try
                {
                    await socket.ConnectAsync(new UriBuilder(pool.Url) { Scheme = "ws", Path = "/ws/events" }.Uri, CancellationToken.None);
                }
                catch (WebSocketException)
                {
                    refused++;
                }
            }
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }

        refused.ShouldBe(30);
    }

    [Fact]
    public async Task EveryAnswer_CarriesARequestIdAndTheBrowsersOrders()
    {
        using var stranger = pool.NewCaller();
        foreach (var path in (string[])["/health", "/nowhere", "/api/v1/workers", "/v1/models", "/console/"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("X-Request-ID", "evil id with spaces");
            using var answer = await stranger.SendAsync(request);
            answer.Headers.GetValues("X-Request-ID").Single().ShouldStartWith("req_");
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            answer.Headers.Contains("Server").ShouldBeFalse();
            answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse("no other site's scripts may read answers");
        }
    }
}
