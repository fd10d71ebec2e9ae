using System.ComponentModel.DataAnnotations;

namespace CocoonPool.Silo.Metering;

/// <summary>How clients' balances are used. Section <c>Metering</c>.</summary>
public sealed class MeteringOptions
{
    /// <summary>How much of a client's balance a silo reserves at once, in nanoTON. Larger blocks ask the books less often; smaller ones share a small balance better among silos.</summary>
    [Range(1, 1_000_000_000_000_000_000, ErrorMessage = "Metering:BlockNano is 1 to 10^18 nanoTON.")]
    public long BlockNano { get; set; } = 100_000_000;

    /// <summary>How often charges are booked. What was used since is lost to the pool when a silo dies; the client never pays for it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00", ErrorMessage = "Metering:BookInterval is 50 ms to 1 minute.")]
    public TimeSpan BookInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>When a block of a silo that is not heard of goes back to its client.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00", ErrorMessage = "Metering:BlockLease is 10 seconds to 1 hour.")]
    public TimeSpan BlockLease { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>When a client that asks for nothing gets its block back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Metering:IdleTime is 1 second to 1 hour.")]
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromMinutes(1);
}
