using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Settlement;

/// <summary>What the network takes for a settlement, for people who want to know beforehand. Measured figures: contracts/gas-table.json.</summary>
public static class NetworkFees
{
    /// <summary>What stays in the distribution contract whatever it owes.</summary>
    public static readonly Nanotons StorageReserve = new(100_000_000);

    /// <summary>Opening an epoch, or releasing entries: one message with the wallet's hop.</summary>
    private const long CommandNanotons = 610_000;

    /// <summary>A batch costs this and <see cref="PayoutNanotons"/> for each entry: 0.001520 TON for one entry, 0.0552 for 250.</summary>
    private const long BatchNanotons = 1_305_000;
    private const long PayoutNanotons = 215_800;

    public static Nanotons Estimate(int commands, IEnumerable<int> batchSizes) =>
        new((commands * CommandNanotons) + batchSizes.Sum(size => BatchNanotons + (size * PayoutNanotons)));
}
