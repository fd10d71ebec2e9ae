using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Routing;

/// <summary>
/// The pool's routing table: which workers can take work now. Workers report to it, every silo keeps a snapshot of it, and
/// no request ever waits for it. Holds nothing durable: workers report again when it starts anew. Key: the pool's id.
/// </summary>
[Alias("cocoon.IRouterGrain")]
public interface IRouterGrain : IGrainWithStringKey
{
    /// <summary>A worker can take work, or its figures changed.</summary>
    [Alias("Publish")]
    Task Publish(RouteReport report);

    /// <summary>A worker can take no work any more.</summary>
    [Alias("Withdraw")]
    Task Withdraw(WorkerId worker);

    [Alias("Snapshot"), ReadOnly]
    Task<RouteTable> Snapshot();
}

/// <param name="WeightPercent">100 normally, 25 while degraded.</param>
/// <param name="Attestation">The kind of evidence that was verified, such as <c>tdx</c>; <c>none</c> without.</param>
/// <param name="ServingSince">When the worker began to serve or recovered: its weight grows from then on.</param>
[GenerateSerializer, Immutable, Alias("cocoon.RouteReport")]
public sealed record RouteReport(
    [property: Id(0)] WorkerId Worker,
    [property: Id(1)] string[] Models,
    [property: Id(2)] int[] MaxContextLengths,
    [property: Id(3)] int[] MaxConcurrencies,
    [property: Id(4)] int WeightPercent,
    [property: Id(5)] string Region,
    [property: Id(6)] int Coefficient,
    [property: Id(7)] int VramGb = 0,
    [property: Id(8)] string Attestation = "none",
    [property: Id(9)] DateTimeOffset? ServingSince = null);

/// <param name="Version">Grows with every change, so that an unchanged table need not be read again.</param>
[GenerateSerializer, Immutable, Alias("cocoon.RouteTable")]
public sealed record RouteTable([property: Id(0)] long Version, [property: Id(1)] RouteReport[] Routes);
