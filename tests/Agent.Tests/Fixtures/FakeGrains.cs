using System.Collections.Concurrent;
using System.Reflection;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Agent.Tests.Fixtures;

/// <summary>A grain factory that knows worker grains only; a proxy, so that it fits the factory of either engine.</summary>
public class FakeGrains : DispatchProxy
{
    private readonly ConcurrentDictionary<string, FakeWorkerGrain> _workers = new(StringComparer.Ordinal);

    internal static (IGrainFactory Factory, FakeGrains Grains) Create()
    {
        var factory = Create<IGrainFactory, FakeGrains>();
        return (factory, (FakeGrains)(object)factory);
    }

    internal FakeWorkerGrain Worker(string key) =>
        _workers.GetOrAdd(key, name => new FakeWorkerGrain(new WorkerId(name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..])));

    protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => Worker((string)args![0]!);
}
