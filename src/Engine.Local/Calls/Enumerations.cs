namespace CocoonPool.Engine.Local;

/// <summary>
/// The streams that one activation is producing. Steps interleave with its other requests. A step waits for an element
/// for at most half the response time-out and then answers "ask again", so that a quiet stream never times out and
/// keeps its grain alive; a stream that nobody asks for through two sweeps is dropped.
/// </summary>
internal sealed class Enumerations
{
    private readonly Activation _activation;
    private readonly Dictionary<Guid, Entry> _entries = [];

    public Enumerations(Activation activation)
    {
        _activation = activation;
        var sweep = activation.Engine.Options.ResponseTimeout;
        activation.RegisterTimer(SweepAsync, new GrainTimerCreationOptions(sweep, sweep) { Interleave = true });
    }

    public ValueTask<Batch<T>> StartAsync<T>(Guid id, EnumerableShape<T> shape, object?[] arguments, int batchSize)
    {
        var cancellation = new CancellationTokenSource();
        var own = (object?[])arguments.Clone();
        if (shape.TokenIndex >= 0) own[shape.TokenIndex] = cancellation.Token;
        var enumerator = shape.Invoke(_activation.GrainInstance!, own).GetAsyncEnumerator(cancellation.Token);
        _entries.Add(id, new Entry(enumerator, batchSize, cancellation));
        return MoveNextAsync<T>(id);
    }

    public async ValueTask<Batch<T>> MoveNextAsync<T>(Guid id)
    {
        if (!_entries.TryGetValue(id, out var entry)) return new Batch<T>([], Missing: true);
        var enumerator = (IAsyncEnumerator<T>)entry.Enumerator;
        var elements = new List<T>();
        entry.Seen = true;
        entry.Busy = true;
        try
        {
            // Elements that are ready travel together; as soon as one is not, those that are there travel alone.
            while (elements.Count < entry.BatchSize)
            {
                entry.Pending ??= enumerator.MoveNextAsync().AsTask();
                if (!entry.Pending.IsCompleted && (elements.Count > 0 || !await ArrivedAsync(entry.Pending))) break;
                var more = await entry.Pending;
                entry.Pending = null;
                if (!more)
                {
                    await DisposeAsync(id);
                    return new Batch<T>(elements, Ended: true);
                }

                elements.Add(_activation.Engine.Copier.Copy(enumerator.Current, immutable: false));
            }

            return new Batch<T>(elements);
        }
        catch
        {
            await DisposeAsync(id);
            throw;
        }
        finally
        {
            entry.Busy = false;
        }
    }

    public async ValueTask<Nothing> DisposeAsync(Guid id)
    {
        if (!_entries.Remove(id, out var entry)) return default;
        Cancel(entry.Cancellation);
        try
        {
            // The compiler's enumerators refuse to be disposed while they run.
            if (entry.Pending is { } pending) await pending.WaitAsync(_activation.Engine.Options.ResponseTimeout, _activation.Engine.Time);
        }
        catch (Exception failure) when (failure is not TimeoutException)
        {
            // The reader is gone, so nobody wants to hear how the last step failed.
        }

        await entry.Enumerator.DisposeAsync();
        return default;
    }

    public async Task DisposeAllAsync()
    {
        foreach (var id in _entries.Keys.ToList()) await DisposeAsync(id);
    }

    // Cancelling asynchronously would run the grain's callbacks outside its turns.
    private static void Cancel(CancellationTokenSource cancellation) => cancellation.Cancel();

    private async Task<bool> ArrivedAsync(Task pending)
    {
        var half = _activation.Engine.Options.ResponseTimeout / 2;
        await pending.WaitAsync(half, _activation.Engine.Time).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return pending.IsCompleted;
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, entry) in _entries.ToList())
        {
            if (!entry.Seen && !entry.Busy) await DisposeAsync(id);
            entry.Seen = false;
        }
    }

    private sealed class Entry(IAsyncDisposable enumerator, int batchSize, CancellationTokenSource cancellation)
    {
        public IAsyncDisposable Enumerator { get; } = enumerator;

        public int BatchSize { get; } = batchSize;

        public CancellationTokenSource Cancellation { get; } = cancellation;

        public Task<bool>? Pending { get; set; }

        public bool Seen { get; set; }

        public bool Busy { get; set; }
    }
}
