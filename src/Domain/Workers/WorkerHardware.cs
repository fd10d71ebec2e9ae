namespace CocoonPool.Domain.Workers;

/// <summary>What a worker brings, as registered and then attested.</summary>
/// <param name="VramGb">Memory of all its GPUs together, in GiB.</param>
/// <param name="RamGb">Main memory, in GiB.</param>
public sealed record WorkerHardware(string GpuModel, int GpuCount, int VramGb, int CpuCores, int RamGb);

/// <summary>A model that a worker serves.</summary>
/// <param name="MaxContextLength">In tokens.</param>
/// <param name="MaxConcurrency">Requests served at the same time.</param>
public sealed record ServedModel(string Name, int MaxContextLength, int MaxConcurrency);
