namespace CocoonPool.Grains.Workers;

/// <summary>The bounds of a worker's registration.</summary>
public static class WorkerRegistrationRules
{
    /// <summary>The first thing that is wrong, in words for the participant, or null.</summary>
    public static string? FirstMistake(WorkerRegistration registration) => registration switch
    {
        { GpuCount: < 1 or > 1024 } => "gpu_count is 1 to 1024.",
        { VramGb: < 0 or > 100_000 } or { CpuCores: < 0 or > 10_000 } or { RamGb: < 0 or > 1_000_000 } => "vram_gb, cpu_cores and ram_gb are what the machine has, not negative.",
        { Coefficient: < 100 or > 10_000 } => "coefficient is 100 (0.1×) to 10000 (10×), in thousandths of the price.",
        { GpuModel.Length: 0 or > 100 } or { Region.Length: > 64 } or { Software.Length: > 100 } => "gpu_model, region and software are short names.",
        { Models.Length: 0 or > 64 } => "A worker serves 1 to 64 models.",
        _ when registration.Models.Any(m => m.Name.Length is 0 or > 200) => "A model's name has 1 to 200 characters.",
        _ when registration.Models.Any(m => m.MaxContextLength < 1 || m.MaxConcurrency is < 1 or > 100_000) => "max_context_length and max_concurrency of a model are at least 1.",
        _ when registration.Models.DistinctBy(m => m.Name, StringComparer.Ordinal).Count() != registration.Models.Length => "A model is named once.",
        _ when !ReceiptSignature.IsUsableKey(registration.PublicKey) => "public_key is an ECDSA P-256 key as SubjectPublicKeyInfo in base64; `cocoon-worker keys` prints it.",
        _ => null,
    };
}
