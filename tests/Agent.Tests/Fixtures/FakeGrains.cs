using System.Collections.Concurrent;
using System.Reflection;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>A grain factory that knows the grains of workers only; a proxy, so that it fits the factory of either engine.</summary>
public class FakeGrains : DispatchProxy
{
    private readonly ConcurrentDictionary<string, FakeWorkerGrain> _workers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FakePollingGrain> _polling = new(StringComparer.Ordinal);

    /// <summary>The sessions of the silo on which polling workers' grains live, whichever silo calls them.</summary>
    internal IPollSessions? PollSessions { get; set; }

    internal static (IGrainFactory Factory, FakeGrains Grains) Create()
    {
        var factory = Create<IGrainFactory, FakeGrains>();
        return (factory, (FakeGrains)(object)factory);
    }

    internal FakeWorkerGrain Worker(string key) =>
        _workers.GetOrAdd(key, name => new FakeWorkerGrain(Id(name)));

    protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var key = (string)args![0]!;
        return targetMethod!.GetGenericArguments() is [var grain] && grain == typeof(IPollingGrain)
            ? _polling.GetOrAdd(key, name => new FakePollingGrain(Id(name), () => PollSessions!))
            : Worker(key);
    }

    private static WorkerId Id(string key) => new(key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]);
}
