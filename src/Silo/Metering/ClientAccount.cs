using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Metering;
using CocoonPool.Grains.Metering;

namespace CocoonPool.Silo.Metering;

/// <summary>
/// One client on this silo: its allowance, the block that covers it, and its usage that is not booked yet. Holding and settling are
/// short steps under a lock; changes of the block go one after the other through <see cref="Changing"/>.
/// </summary>
internal sealed class ClientAccount(string client, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly ClientAllowance _allowance = new();
    private Dictionary<(string Key, string Model), UsageLine> _usage = [];
    private BlockChange? _pending;
    private Guid? _block;
    private bool _closing;
    private DateTimeOffset _lastUse = time.GetUtcNow();
    private DateTimeOffset _shortUntil;
    private Nanotons _shortBy;

    /// <summary>Held while the block is changed.</summary>
    public SemaphoreSlim Changing { get; } = new(1, 1);

    public Guid? Block
    {
        get
        {
            lock (_lock)
                return _block;
        }
    }

    public bool TryHold(Nanotons worstCase)
    {
        lock (_lock)
        {
            _lastUse = time.GetUtcNow();
            return !_closing && _allowance.TryHold(worstCase);
        }
    }

    /// <summary>The books said a moment ago that there is less: asking again would only cost the database.</summary>
    public bool IsKnownToLack(Nanotons worstCase)
    {
        lock (_lock)
            return time.GetUtcNow() < _shortUntil && worstCase >= _shortBy;
    }

    /// <summary>Ends a hold and counts the request.</summary>
    public void Settle(string key, string model, Nanotons held, Nanotons actual, TokenCounts tokens, bool served)
    {
        lock (_lock)
        {
            var charge = _allowance.Settle(held, actual);
            var line = _usage.GetValueOrDefault((key, model)) ?? new(key, model, 0, 0, 0, 0, 0, Nanotons.Zero);
            _usage[(key, model)] = line with
            {
                Requests = line.Requests + 1,
                Failed = line.Failed + (served ? 0 : 1),
                PromptTokens = line.PromptTokens + tokens.Prompt,
                CachedTokens = line.CachedTokens + tokens.Cached,
                CompletionTokens = line.CompletionTokens + tokens.Completion,
                Charged = line.Charged + charge,
            };
        }
    }

    /// <summary>Gives a hold back as if there had been no request.</summary>
    public void Release(Nanotons held)
    {
        lock (_lock)
            _allowance.Settle(held, Nanotons.Zero);
    }

    /// <summary>The change that is due, or null: the one whose outcome is unknown, again and exactly; or charges, usage, a larger block, or the end of an idle one.</summary>
    /// <param name="wanted">What a request waits for; zero when none does.</param>
    /// <param name="idle">A block without use for this long goes back; zero gives back whatever is not needed.</param>
    public BlockChange? Due(Nanotons wanted, Nanotons target, TimeSpan idle)
    {
        lock (_lock)
        {
            if (_pending is not null)
                return _pending;
            var close = !wanted.IsPositive && _allowance.Held == Nanotons.Zero && time.GetUtcNow() - _lastUse >= idle;
            if (wanted.IsPositive ? _allowance.Free >= wanted : !_allowance.Charged.IsPositive && _usage.Count == 0 && !(close && _block is not null))
                return null;
            // Usage of free models alone needs no block and touches none.
            var charged = _allowance.Charged;
            var keep = !close && (wanted.IsPositive || _block is not null);
            _closing = !keep && _block is not null;
            _pending = new(
                Guid.CreateVersion7(), client, _block, charged, Nanotons.Max(Nanotons.Zero, _allowance.Block - charged), _allowance.Held + wanted,
                keep ? target : Nanotons.Zero, [.. _usage.Values]);
            _usage = [];
            return _pending;
        }
    }

    /// <summary>
    /// The change is in the books. The client is short only when the books could not give what was asked for: other requests may have
    /// taken what was free while the change was on its way, and then it is asked again.
    /// </summary>
    public void Changed(BlockChange change, ChangedBlock result, Nanotons wanted)
    {
        lock (_lock)
        {
            _pending = null;
            _closing = false;
            _allowance.Replace(change.Charged, result.Block);
            _block = result.Block.IsPositive ? change.Id : null;
            if (wanted.IsPositive && _allowance.Free < wanted && result.Block < change.Needed)
                (_shortUntil, _shortBy) = (time.GetUtcNow() + TimeSpan.FromSeconds(1), wanted);
        }
    }
}
