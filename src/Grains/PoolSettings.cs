using CocoonPool.Domain.Participants;

namespace CocoonPool.Grains;

/// <summary>What every room needs to know about the pool that this host serves. Filled by the host from its configuration.</summary>
public sealed class PoolSettings
{
    /// <summary>The pool's id: part of every grain key and every table row.</summary>
    public string Id { get; set; } = "main";

    /// <summary>Which TON network addresses are checked against.</summary>
    public TonNetwork Network { get; set; } = TonNetwork.Local;

    /// <summary>The distribution contract: receives revenue and pays shares.</summary>
    public TonAddress? Distribution { get; set; }

    /// <summary>The registry, which opens a stake account for everybody who sends it a stake.</summary>
    public TonAddress? Registry { get; set; }

    /// <summary>Payouts in one message, 1 to 250.</summary>
    public int BatchSize { get; set; } = 250;

    /// <summary>How long a signed message may wait to be accepted, in seconds of chain time.</summary>
    public int SignatureLifetimeSeconds { get; set; } = 60;

    /// <summary>How long contributions of paid epochs are kept before their month is retired; zero keeps all.</summary>
    public TimeSpan ContributionRetention { get; set; }

    /// <summary>A task answered within this time has full quality, in milliseconds.</summary>
    public int TargetLatencyMilliseconds { get; set; } = 10_000;

    /// <summary>How often settlement and revenue intake look at the chain.</summary>
    public TimeSpan ChainPollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a settlement waits after the contract has refused a message: each refused attempt costs a network fee.</summary>
    public TimeSpan RefusalPause { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the pool looks whether an epoch begins or is due.</summary>
    public TimeSpan CalendarPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How soon a pool or settlement that a restart has left asleep is woken by its reminder; 1 minute or more.</summary>
    public TimeSpan WakePeriod { get; set; } = TimeSpan.FromMinutes(1);
}
