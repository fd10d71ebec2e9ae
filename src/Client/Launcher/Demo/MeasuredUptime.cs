using System.Globalization;
using CocoonPool.Client.Launcher.Pool;

namespace CocoonPool.Client.Launcher.Demo;

/// <summary>
/// Waits until every worker has been online for a while. Uptime is credited from heartbeat to heartbeat, so in an epoch of a few
/// seconds the piece since the last one would weigh so much that somebody could fall below the minimum uptime.
/// </summary>
public sealed class MeasuredUptime(PoolClient client, Waiting waiting)
{
    public const int Seconds = 6;

    public Task Of(IReadOnlyList<DemoMember> members, long epoch, CancellationToken cancel) =>
        waiting.Until($"{Seconds} s of measured uptime of every worker", TimeSpan.FromSeconds(60), async () =>
        {
            var credited = (await client.Tallies(epoch, cancel)).ToDictionary(
                t => t.Participant, t => long.Parse(t.GpuMilliseconds, CultureInfo.InvariantCulture), StringComparer.Ordinal);
            return members.All(m => credited.GetValueOrDefault(m.Wallet.Address) >= Seconds * 1_000L * m.Gpus);
        }, cancel);
}
