using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains;

// Domain knows no engine, so its value types travel between grains as these surrogates.

[GenerateSerializer, Immutable, Alias("cocoon.NanotonsSurrogate")]
public struct NanotonsSurrogate
{
    [Id(0)] public long Value;
}

[RegisterConverter]
public sealed class NanotonsConverter : IConverter<Nanotons, NanotonsSurrogate>
{
    public Nanotons ConvertFromSurrogate(in NanotonsSurrogate surrogate) => new(surrogate.Value);
    public NanotonsSurrogate ConvertToSurrogate(in Nanotons value) => new() { Value = value.Value };
}

[GenerateSerializer, Immutable, Alias("cocoon.TonAddressSurrogate")]
public struct TonAddressSurrogate
{
    [Id(0)] public string? Raw;
}

[RegisterConverter]
public sealed class TonAddressConverter : IConverter<TonAddress, TonAddressSurrogate>
{
    public TonAddress ConvertFromSurrogate(in TonAddressSurrogate surrogate) => surrogate.Raw is null ? default : TonAddress.Parse(surrogate.Raw);
    public TonAddressSurrogate ConvertToSurrogate(in TonAddress value) => new() { Raw = value.ToString() };
}

[GenerateSerializer, Immutable, Alias("cocoon.WorkerIdSurrogate")]
public struct WorkerIdSurrogate
{
    [Id(0)] public string? Value;
}

[RegisterConverter]
public sealed class WorkerIdConverter : IConverter<WorkerId, WorkerIdSurrogate>
{
    public WorkerId ConvertFromSurrogate(in WorkerIdSurrogate surrogate) => new(surrogate.Value ?? "");
    public WorkerIdSurrogate ConvertToSurrogate(in WorkerId value) => new() { Value = value.Value };
}

[GenerateSerializer, Immutable, Alias("cocoon.TaskIdSurrogate")]
public struct TaskIdSurrogate
{
    [Id(0)] public string? Value;
}

[RegisterConverter]
public sealed class TaskIdConverter : IConverter<TaskId, TaskIdSurrogate>
{
    public TaskId ConvertFromSurrogate(in TaskIdSurrogate surrogate) => new(surrogate.Value ?? "");
    public TaskIdSurrogate ConvertToSurrogate(in TaskId value) => new() { Value = value.Value };
}

[GenerateSerializer, Immutable, Alias("cocoon.EpochNumberSurrogate")]
public struct EpochNumberSurrogate
{
    [Id(0)] public int Value;
}

[RegisterConverter]
public sealed class EpochNumberConverter : IConverter<EpochNumber, EpochNumberSurrogate>
{
    public EpochNumber ConvertFromSurrogate(in EpochNumberSurrogate surrogate) => new(surrogate.Value);
    public EpochNumberSurrogate ConvertToSurrogate(in EpochNumber value) => new() { Value = value.Value };
}
