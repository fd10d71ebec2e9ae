namespace CocoonPool.Client.Launcher.Supervision;

/// <summary>How one service is started, recognised as ready, and stopped.</summary>
public sealed record ServiceDefinition(string Name, IReadOnlyList<string> Command, IReadiness Readiness)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? WorkingDirectory { get; init; }

    public int? Port { get; init; }

    /// <summary>Shown by <c>status</c>: an address that answers 200 while the service is well.</summary>
    public string? HealthUrl { get; init; }

    public int StopSignal { get; init; } = ProcessSignal.Terminate;

    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(15);
}
