using CocoonPool.Client.Agent.Configuration;

namespace CocoonPool.Client.Agent.Monitoring;

/// <summary>The mean utilization of the worker's GPUs for heartbeats; asked at most every ten seconds, because asking starts a process.</summary>
internal sealed class GpuSampler(WorkerSection worker, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private long? _askedAt;
    private int _percent;

    public async Task<int> UtilizationPercent(CancellationToken cancellationToken)
    {
        if (_askedAt is { } at && time.GetElapsedTime(at) < Freshness)
            return _percent;
        _askedAt = time.GetTimestamp();
        var gpus = await GpuProbe.Ask(cancellationToken);
        var own = gpus.Where(gpu => worker.GpuDevices.Contains(gpu.Index)).ToList();
        _percent = own.Count == 0 ? 0 : Math.Clamp((int)own.Average(gpu => gpu.UtilizationPercent), 0, 100);
        return _percent;
    }
}
