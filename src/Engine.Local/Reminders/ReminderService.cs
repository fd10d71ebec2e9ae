namespace CocoonPool.Engine.Local;

/// <summary>
/// Sends the ticks of the persistent reminders. After a start every reminder that was due before ticks once soon, since
/// nobody can tell whether it was missed while the engine was down, and then keeps its old rhythm.
/// </summary>
internal sealed class ReminderService(LocalEngine engine, IReminderTable table) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(GrainId Grain, string Name), ReminderRow> _rows = [];
    private readonly PriorityQueue<ReminderRow, DateTime> _due = new();
    private ITimer? _timer;
    private int _ticking;

    private DateTime Now => engine.Time.GetUtcNow().UtcDateTime;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var rows = await table.ReadAllAsync(cancellationToken);
        lock (_lock)
        {
            _timer = engine.Time.CreateTimer(static self => ((ReminderService)self!).SendDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            foreach (var row in rows) Schedule(row, row.StartAt);
        }

        SendDue();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
            _rows.Clear();
            _due.Clear();
        }
    }

    public async Task<IGrainReminder> RegisterAsync(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < engine.Options.MinimumReminderPeriod)
        {
            throw new ArgumentException($"The period of reminder '{name}', {period}, is below the minimum {engine.Options.MinimumReminderPeriod}.", nameof(period));
        }

        var row = await table.UpsertAsync(grainId, name, Now + dueTime, period);
        lock (_lock) Schedule(row, row.StartAt);
        SendDue();
        return row;
    }

    public async Task UnregisterAsync(GrainId grainId, IGrainReminder reminder)
    {
        var row = (ReminderRow)reminder;
        if (!await table.RemoveAsync(row) && await GetAsync(grainId, row.Name) is not null)
        {
            throw new ReminderException($"Reminder '{row.Name}' of {grainId} was changed since it was read.");
        }

        lock (_lock) _rows.Remove((grainId, row.Name));
    }

    public async Task<IGrainReminder?> GetAsync(GrainId grainId, string name)
        => (await table.ReadAsync(grainId)).FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.Ordinal));

    public async Task<List<IGrainReminder>> GetAllAsync(GrainId grainId) => [.. await table.ReadAsync(grainId)];

    private void Schedule(ReminderRow row, DateTime at)
    {
        _rows[(row.GrainId, row.Name)] = row;
        _due.Enqueue(row, at);
    }

    // Sends what is due, a bounded number at once: after a long pause thousands of grains must not wake together.
    private void SendDue()
    {
        var ticks = new List<ReminderRow>();
        lock (_lock)
        {
            var now = Now;
            while (_timer is not null && _ticking < engine.Options.MaxReminderTicksAtOnce && _due.TryPeek(out var row, out var at) && at <= now)
            {
                _due.Dequeue();

                // A row that was replaced or removed leaves its old place in the queue behind.
                if (_rows.GetValueOrDefault((row.GrainId, row.Name)) != row) continue;
                ticks.Add(row);
                _ticking++;
            }

            if (_due.TryPeek(out _, out var next) && next > now) _timer?.Change(WaitFor(next - now), Timeout.InfiniteTimeSpan);
        }

        foreach (var row in ticks) engine.Background.Post(static state => _ = ((ReminderTick)state!).RunAsync(), new ReminderTick(this, row));
    }

    // The clock that reminders follow may jump while the timer waits, so it looks again at least this often.
    private static TimeSpan WaitFor(TimeSpan wait) => wait > LongestWait ? LongestWait : wait + TimeSpan.FromMilliseconds(1);

    private async Task TickAsync(ReminderRow row)
    {
        try
        {
            await engine.Factory.GetGrain<IRemindable>(row.GrainId).ReceiveReminder(row.Name, new TickStatus(row.StartAt, row.Period, Now));
        }
        catch (Exception failure)
        {
            engine.ReminderFailed(row.Name, row.GrainId, failure);
        }

        lock (_lock)
        {
            _ticking--;
            if (_timer is not null && _rows.GetValueOrDefault((row.GrainId, row.Name)) == row) _due.Enqueue(row, Next(row));
        }

        SendDue();
    }

    private DateTime Next(ReminderRow row)
    {
        var now = Now;
        if (now < row.StartAt) return row.StartAt;
        var period = Math.Max(row.Period.Ticks, TimeSpan.TicksPerMillisecond);
        return row.StartAt.AddTicks(((now - row.StartAt).Ticks / period * period) + period);
    }

    private sealed record ReminderTick(ReminderService Service, ReminderRow Row)
    {
        public Task RunAsync() => Service.TickAsync(Row);
    }
}
