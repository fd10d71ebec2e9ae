using System.Collections.Immutable;
using System.Net;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Client.Agent.Configuration;

/// <summary>The agent's YAML file after every check; <see cref="ConfigurationFile"/> reads it.</summary>
internal sealed record AgentConfiguration(
    WorkerSection Worker, ImmutableArray<ModelSection> Models, TeeSection Tee, CocoonSection Cocoon, MonitoringSection Monitoring);

/// <param name="PoolUrls">The addresses of one pool, at least one; any of them will do.</param>
/// <param name="Id">Null: derived from the worker's key.</param>
/// <param name="Coefficient">Price per mille: 1000 = 1.0×; 100 to 10000.</param>
/// <param name="GpuDevices">The GPUs that this worker brings, by index.</param>
/// <param name="ParticipantKeyFile">A file with the participant's API key. Null: the worker is registered by somebody else.</param>
/// <param name="Cluster">Null: the stream is a WebSocket.</param>
/// <param name="StateDirectory">Key and receipts; not shared between workers.</param>
internal sealed record WorkerSection(
    ImmutableArray<Uri> PoolUrls,
    TonAddress Participant,
    WorkerId? Id,
    int Coefficient,
    ImmutableArray<int> GpuDevices,
    string Region,
    string? ParticipantKeyFile,
    string StateDirectory,
    ClusterSection? Cluster = null);

/// <summary>The cluster's Orleans gateways, for an agent inside its network; the pool's addresses then only serve registration.</summary>
/// <param name="Certificates">The files of mutual TLS: certificate, key, authority. Null: plain, for a network that is this machine.</param>
internal sealed record ClusterSection(ImmutableArray<IPEndPoint> Gateways, (string Certificate, string Key, string Authority)? Certificates);

/// <param name="BackendUrl">An OpenAI-compatible server, or <c>demo:</c>.</param>
/// <param name="BackendModel">The model's name at the back end when it differs from the pool's.</param>
internal sealed record ModelSection(string Name, Uri BackendUrl, string? BackendModel, int MaxConcurrency, int MaxContextLength);

internal enum TeeKind
{
    None = 0,
    IntelTdx = 1,
}

internal sealed record TeeSection(TeeKind Type, string? QuoteCommand);

/// <param name="StatsUrl">The HTTP port of a Cocoon worker beside this agent.</param>
internal sealed record CocoonSection(Uri? StatsUrl);

/// <param name="MetricsPort">Loopback port of status, metrics and drain; 0 switches it off.</param>
/// <param name="HeartbeatInterval">Null: as the pool says. A longer interval than the pool's is shortened to it.</param>
/// <param name="TracesUrl">An OpenTelemetry collector that takes OTLP over HTTP. Null: the agent traces nothing.</param>
internal sealed record MonitoringSection(int MetricsPort, TimeSpan? HeartbeatInterval, Uri? TracesUrl = null);
