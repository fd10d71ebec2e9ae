using System.Text.Json.Serialization;

namespace CocoonPool.Client.Agent.Registration;

internal sealed record RegisterRequest(
    string WorkerId,
    string ParticipantAddress,
    HardwareDocument Hardware,
    IReadOnlyList<ModelDocument> Models,
    int Coefficient,
    string Region,
    string Software,
    string PublicKey);

internal sealed record HardwareDocument(string GpuModel, int GpuCount, int VramGb, int CpuCores, int RamGb);

internal sealed record ModelDocument(string Name, int MaxContextLength, int MaxConcurrency);

internal sealed record WorkerDocument(string Id, string State, string? StateCause);

internal sealed record ParticipantDocument(string State, string? StakeNano, string? RequiredStakeNano);

internal sealed record ErrorDocument(ErrorPart Error);

internal sealed record ErrorPart(string Code, string Message);

internal sealed record EmptyDocument;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(WorkerDocument))]
[JsonSerializable(typeof(ParticipantDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(EmptyDocument))]
[JsonSerializable(typeof(Monitoring.AgentStatusReport))]
internal sealed partial class PoolJson : JsonSerializerContext;
