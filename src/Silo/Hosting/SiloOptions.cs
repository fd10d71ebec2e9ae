using System.ComponentModel.DataAnnotations;

namespace CocoonPool.Silo.Hosting;

/// <summary>Where the host listens. Section <c>Silo</c>.</summary>
public sealed class SiloOptions
{
    /// <summary>URL of API, console and worker link. Only loopback may be plain HTTP outside Development.</summary>
    [Required]
    public string Listen { get; set; } = "http://127.0.0.1:8080";

    /// <summary>URL of <c>/metrics</c>.</summary>
    [Required]
    public string MetricsListen { get; set; } = "http://127.0.0.1:9090";
}

/// <summary>The pool that this host serves and creates when it is not there. Section <c>Pool</c>.</summary>
public sealed class PoolOptions
{
    // Orleans stores keys of hexadecimal digits alone as numbers, so that 'cafe' and '0cafe' would be one pool.
    [Required, RegularExpression("^(?![0-9a-f]+$)[a-z0-9-]{1,32}$", ErrorMessage = "Pool:Id has 1 to 32 of a-z, 0-9 and '-', and is not only hexadecimal digits.")]
    public string Id { get; set; } = "main";

    [Required]
    public string Name { get; set; } = "Cocoon Pool";

    /// <summary>Mainnet, Testnet or Local.</summary>
    public Domain.Participants.TonNetwork Network { get; set; } = Domain.Participants.TonNetwork.Local;

    /// <summary>The operator's TON address.</summary>
    [Required(ErrorMessage = "Pool:OperatorWallet is the operator's TON address.")]
    public string OperatorWallet { get; set; } = "";

    /// <summary>1 minute to 31 days; counts only when the pool is created.</summary>
    public TimeSpan EpochDuration { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long after its end an epoch takes late receipts.</summary>
    public TimeSpan EpochGrace { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long contributions of paid epochs are kept before their month is retired; zero keeps all.</summary>
    public TimeSpan ContributionRetention { get; set; } = TimeSpan.FromDays(730);

    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>In nanoTON, at least 50000000.</summary>
    public long MinPayoutNano { get; set; } = 1_000_000_000;

    /// <summary>A file, readable by the host alone, with the operator's first API key.</summary>
    public string? OperatorKeyFile { get; set; }

    /// <summary>A file, readable by the host alone, with the key of the assignment tickets: 64 hexadecimal digits, the same on every silo.</summary>
    [Required(ErrorMessage = "Pool:TicketKeyFile names a file with 64 hexadecimal digits; `openssl rand -hex 32` makes one.")]
    public string TicketKeyFile { get; set; } = "";

    /// <summary>A task answered within this time has full quality.</summary>
    [Range(1, 600_000)]
    public int TargetLatencyMilliseconds { get; set; } = 10_000;
}

/// <summary>The chain gateway. Section <c>Chain</c>.</summary>
public sealed class ChainOptions
{
    [Required(ErrorMessage = "Chain:GatewayUrl is the address of the chain gateway.")]
    public string GatewayUrl { get; set; } = "";

    /// <summary>The way to a gateway on another machine is encrypted by other means, such as a service mesh: only then may its address be plain HTTP outside Development.</summary>
    public bool PrivateNetwork { get; set; }

    [Required(ErrorMessage = "Chain:GatewayTokenFile names the file with the gateway's token.")]
    public string GatewayTokenFile { get; set; } = "";

    /// <summary>The distribution contract.</summary>
    [Required(ErrorMessage = "Chain:Distribution is the address of the distribution contract; the deployment prints it.")]
    public string Distribution { get; set; } = "";

    /// <summary>The registry, where participants register their stake.</summary>
    [Required(ErrorMessage = "Chain:Registry is the address of the participants' registry; the deployment prints it.")]
    public string Registry { get; set; } = "";

    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>How epochs are paid. Section <c>Settlement</c>.</summary>
public sealed class SettlementOptions
{
    /// <summary>Payouts in one message.</summary>
    [Range(1, 250)]
    public int BatchSize { get; set; } = 250;

    /// <summary>How long a signed message may wait to be accepted, in seconds of chain time.</summary>
    [Range(10, 600)]
    public int SignatureLifetimeSeconds { get; set; } = 60;
}
