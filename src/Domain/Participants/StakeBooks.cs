using CocoonPool.Domain.Ledger;

namespace CocoonPool.Domain.Participants;

/// <summary>
/// Turns what the chain did to one stake into ledger lines. The chain is right: coins that have left it are gone, whatever the books had
/// planned for them. So where a withdrawal was faster than the suspension that a slash brings, the slash takes what is left.
/// </summary>
/// <param name="stake">The ledger's figures of the participant's stake before the movements.</param>
/// <param name="slashes">All slashes of the participant.</param>
public sealed class StakeBooks(TonAddress participant, AccountFigures stake, IEnumerable<Slash> slashes)
{
    private readonly Dictionary<string, Slash> _slashes = slashes.ToDictionary(slash => slash.Id, StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly List<Transfer> _lines = [];
    private Nanotons _available = stake.Available;

    /// <summary>In the order in which they must be booked.</summary>
    public IReadOnlyList<Transfer> Lines => _lines;

    /// <summary>Slashes with a new amount, or with the transaction that executed them.</summary>
    public IEnumerable<Slash> ChangedSlashes => _changed.Select(id => _slashes[id]);

    /// <exception cref="InvalidOperationException">The chain paid more than the books ever had for this stake.</exception>
    public void Book(StakeMovement movement)
    {
        switch (movement.Kind)
        {
            case StakeMovementKind.Deposited:
                _lines.Add(StakeTransfers.Deposit(participant, movement));
                _available += movement.Amount;
                break;
            case StakeMovementKind.Withdrawn:
                Depart(movement, TransferKind.StakeWithdrawal);
                break;
            case StakeMovementKind.Slashed when _slashes.Values.FirstOrDefault(slash => slash.IsNumbered(movement.SlashNumber)) is { } slash:
                Execute(slash, movement);
                break;
            case StakeMovementKind.Slashed:
                // Not of the pool's making: somebody used the operator's key past the pool.
                Depart(movement, TransferKind.Slash);
                break;
        }
    }

    private void Execute(Slash slash, StakeMovement movement)
    {
        if (slash.State != SlashState.Final || slash.Execution is not null)
        {
            // Nobody decided this execution either. What the slash held is let go, so that it is not taken twice.
            if (slash.TakesStake)
                Revise(slash, Nanotons.Zero, movement.At);
            Depart(movement, TransferKind.Slash);
            return;
        }

        // An earlier revision may be what the chain executed.
        if (slash.Amount < movement.Amount)
            MakeRoom(movement.Amount - slash.Amount, movement.At, except: slash.Id);
        if (slash.Amount != movement.Amount)
            Revise(slash, movement.Amount, movement.At);
        var executed = _slashes[slash.Id] with { Execution = movement.Transaction };
        _lines.AddRange(SlashTransfers.Execution(executed, movement.At));
        Change(executed);
    }

    private void Depart(StakeMovement movement, TransferKind kind)
    {
        MakeRoom(movement.Amount, movement.At, except: null);
        _lines.Add(StakeTransfers.Departure(participant, movement, kind));
        _available -= movement.Amount;
    }

    /// <summary>Lets slashes go, the newest first, until so much is available.</summary>
    private void MakeRoom(Nanotons amount, DateTimeOffset at, string? except)
    {
        var takers = _slashes.Values.Where(s => s.TakesStake && !string.Equals(s.Id, except, StringComparison.Ordinal)).OrderByDescending(s => s.OpenedAt).ThenBy(s => s.Id, StringComparer.Ordinal).ToList();
        foreach (var slash in takers)
        {
            if (_available >= amount)
                return;
            Revise(slash, slash.Amount - Nanotons.Min(slash.Amount, amount - _available), at);
        }

        if (_available < amount)
            throw new InvalidOperationException($"The chain took {amount} from the stake of {participant}, for which the books have {_available}.");
    }

    private void Revise(Slash slash, Nanotons amount, DateTimeOffset at)
    {
        var revised = slash with { Amount = amount, Revision = slash.Revision + 1 };
        _lines.AddRange(SlashTransfers.Revision(slash, revised, at));
        _available += slash.Amount - amount;
        Change(revised);
    }

    private void Change(Slash slash)
    {
        _slashes[slash.Id] = slash;
        _changed.Add(slash.Id);
    }
}
