namespace CocoonPool.Grains.Participants;

/// <summary>
/// Follows the stake accounts on chain and has the operator's wallet command them: suspensions, slashes, withdrawals that are due.
/// Key: the pool's id.
/// </summary>
[Alias("cocoon.IStakeWatchGrain")]
public interface IStakeWatchGrain : IGrainWithStringKey
{
    /// <summary>Starts watching; later calls only wake it.</summary>
    [Alias("Watch")]
    Task Watch();

    /// <summary>Reads every stake account once, and carries out what they ask for as far as that goes now.</summary>
    [Alias("Sweep")]
    Task Sweep();
}
