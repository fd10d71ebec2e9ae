using System.Net.WebSockets;
using System.Security.Cryptography;
using CocoonPool.Grains.Workers.Link;

namespace CocoonPool.Bench.Engine;

/// <summary>
/// The agents' end of many idle streams, in a process of their own: what they weigh must not count as the pool's. The
/// benchmark and this talk in lines: keys out, "go" in, "joined" out, and the end of the input ends it.
/// </summary>
internal sealed class IdleWorkers(Uri pool, string prefix, int count)
{
    public const string Command = "agents-of-idle-workers";

    private const int JoiningAtOnce = 16;

    private readonly (string Id, ECDsa Key)[] _workers = [.. Enumerable.Range(0, count).Select(i => ($"{prefix}-{i}", ECDsa.Create(ECCurve.NamedCurves.nistP256)))];

    public async Task Run(TextReader input, TextWriter output)
    {
        foreach (var (id, key) in _workers)
            await output.WriteLineAsync($"{id} {Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}");
        await output.FlushAsync();
        if (await input.ReadLineAsync() is null)
            return;
        var sockets = new List<FrameSocket>();
        foreach (var some in _workers.Chunk(JoiningAtOnce))
            sockets.AddRange(await Task.WhenAll(some.Select(worker => Join(worker.Id, worker.Key))));
        await output.WriteLineAsync("joined");
        await output.FlushAsync();
        // Until the other end is done, or a stream breaks. The reads answer the pool's pings; the streams end with the process.
        await await Task.WhenAny([input.ReadToEndAsync(), .. sockets.Select(Read)]);
    }

    private async Task<FrameSocket> Join(string id, ECDsa key)
    {
        var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(pool) { Scheme = "ws", Path = LinkLimits.Path }.Uri, CancellationToken.None);
        var socket = new FrameSocket(client, LinkLimits.MaxServerFrameBytes);
        var challenge = await Next<ChallengeFrame>(socket);
        var proof = HelloProof.Sign(key, challenge.Pool, challenge.Nonce, id);
        await socket.Send(new HelloFrame(LinkLimits.Protocol, id, key.ExportSubjectPublicKeyInfo(), proof, "bench/1"), CancellationToken.None);
        await Next<WelcomeFrame>(socket);
        // One heartbeat each: a stream that was never used weighs less than one that lives.
        await socket.Send(new HeartbeatFrame(1, 0, 0, TimeProvider.System.GetUtcNow()), CancellationToken.None);
        return socket;
    }

    private static async Task<T> Next<T>(FrameSocket socket)
        where T : ServerFrame
    {
        var read = await socket.Receive(CancellationToken.None);
        return read.Kind == FrameReadKind.Text && FrameJson.ReadServerFrame(read.Payload.Span) is T frame
            ? frame
            : throw new InvalidOperationException($"The pool did not answer as expected: {read.Kind} {read.Reason} {System.Text.Encoding.UTF8.GetString(read.Payload.Span)}");
    }

    private static async Task Read(FrameSocket socket)
    {
        // Nothing that the pool says to an idle worker needs an answer.
        FrameRead read;
        do
            read = await socket.Receive(CancellationToken.None);
        while (read.Kind == FrameReadKind.Text);
        throw new InvalidOperationException($"The pool closed an idle worker's stream: {read.Reason}");
    }
}
