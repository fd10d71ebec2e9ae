using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CocoonPool.Settlement.Tests.Chaos;

/// <summary>What listens on the wire between silo and gateway: at each stage of each call it may strike, and says what the wire does.</summary>
public interface IWireTap
{
    /// <param name="answer">Null until the gateway has answered.</param>
    /// <returns>What happens to the call; killing is done by the tap itself.</returns>
    Task<WireFate> On(Call call, int nth, Stage stage, JsonElement? request, JsonElement? answer);
}

/// <summary>What the wire does with a call at a stage.</summary>
public enum WireFate
{
    Pass = 0,

    /// <summary>The connection breaks; what was not delivered never is.</summary>
    Break = 1,

    /// <summary>The request reaches the gateway twice.</summary>
    Repeat = 2,
}

/// <summary>The wire between silo and gateway. It knows the calls by their routes and understands nothing else.</summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(15) };
    private readonly string _gateway;
    private readonly int[] _calls = new int[Enum.GetValues<Call>().Length];

    private Wire(WebApplication application, string gateway) => (_application, _gateway) = (application, gateway);

    public string Url => _application.Urls.First();

    /// <summary>Who listens; nobody between two schedules.</summary>
    public IWireTap? Tap { get; private set; }

    public static async Task<Wire> Start(string gateway)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var wire = new Wire(builder.Build(), gateway);
        wire._application.Run(wire.Handle);
        await wire._application.StartAsync();
        return wire;
    }

    /// <summary>Lets somebody listen and counts the calls anew.</summary>
    public void Listen(IWireTap? tap)
    {
        lock (_calls)
            Array.Clear(_calls);
        Tap = tap;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _http.Dispose();
    }

    private async Task Handle(HttpContext context)
    {
        var (tap, call) = (Tap, CallOf(context.Request.Path));
        int nth;
        lock (_calls)
            nth = ++_calls[(int)call];
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var request = Read(body.ToArray());
            var fate = tap is null ? WireFate.Pass : await tap.On(call, nth, Stage.Asked, request, null);
            if (fate is WireFate.Break)
            {
                context.Abort();
                return;
            }
            if (fate is WireFate.Repeat)
                await Forward(context.Request, body.ToArray());
            var (status, answer) = await Forward(context.Request, body.ToArray());
            if (tap is not null && await tap.On(call, nth, Stage.Answered, request, Read(answer)) is WireFate.Break)
            {
                context.Abort();
                return;
            }
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(answer);
            await context.Response.CompleteAsync();
            if (tap is not null)
                await tap.On(call, nth, Stage.Told, request, null);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            // One end of the wire is dead: so is the connection.
            context.Abort();
        }
    }

    private async Task<(int Status, byte[] Body)> Forward(HttpRequest request, byte[] body)
    {
        using var copy = new HttpRequestMessage(new HttpMethod(request.Method), _gateway + request.Path + request.QueryString);
        copy.Headers.TryAddWithoutValidation("Authorization", request.Headers.Authorization.ToString());
        if (body.Length > 0)
            copy.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var answer = await _http.SendAsync(copy);
        return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }

    private static JsonElement? Read(byte[] body)
    {
        try
        {
            return body.Length == 0 ? null : JsonDocument.Parse(body).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Call CallOf(PathString path) => path.Value switch
    {
        "/v1/signer" => Call.Signer,
        "/v1/broadcast" => Call.Broadcast,
        { } p when p.StartsWith("/v1/sign/", StringComparison.Ordinal) => Call.Sign,
        { } p when p.StartsWith("/v1/distribution/epochs/", StringComparison.Ordinal) => Call.Epoch,
        { } p when p.StartsWith("/v1/messages/", StringComparison.Ordinal) => Call.Message,
        _ => Call.Other,
    };
}
