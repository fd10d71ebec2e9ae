using System.Text.Json;

namespace CocoonPool.Settlement.Tests.Host;

/// <summary>What the silo's process is told, through its environment.</summary>
/// <param name="GatewayUrl">Where it finds the chain gateway: the wire that the faults are made on.</param>
public sealed record SiloOptions(string Connection, string GatewayUrl, string GatewayToken, string Distribution, string OperatorWallet, DeliberateBug Bug)
{
    public const string PoolId = "schedules";

    private const string Variable = "COCOON_SETTLEMENT_SILO";

    public IReadOnlyDictionary<string, string> ToEnvironment() =>
        new Dictionary<string, string>(StringComparer.Ordinal) { [Variable] = JsonSerializer.Serialize(this) };

    public static SiloOptions FromEnvironment() => JsonSerializer.Deserialize<SiloOptions>(Environment.GetEnvironmentVariable(Variable)
        ?? throw new InvalidOperationException($"The silo is started by the tests, which tell it everything in {Variable}."))!;
}
