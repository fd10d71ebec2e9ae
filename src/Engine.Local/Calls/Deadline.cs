namespace CocoonPool.Engine.Local;

/// <summary>A call's place in the list of calls that wait equally long; part of the call, so that no call costs a timer.</summary>
internal sealed class Deadline
{
    internal Call? Call;
    internal DeadlineList? List;
    internal Deadline? Previous;
    internal Deadline? Next;
    internal long SentAt;

    public void Remove() => List?.Remove(this);
}

/// <summary>The outstanding calls of the engine, one list per length of time-out.</summary>
internal sealed class Deadlines(TimeProvider time)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<TimeSpan, DeadlineList> _lists = new();

    public void Add(Call call, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan) return;
        var list = _lists.GetOrAdd(timeout, static (after, clock) => new DeadlineList(clock, after), time);
        list.Add(call);
    }
}

/// <summary>
/// Calls with the same time-out expire in the order they were sent, so one timer, set for the oldest, serves them all.
/// It fires at most once per time-out however many calls come and go.
/// </summary>
internal sealed class DeadlineList
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _after;
    private readonly ITimer _timer;
    private Deadline? _oldest;
    private Deadline? _newest;
    private bool _armed;

    public DeadlineList(TimeProvider time, TimeSpan after)
    {
        _time = time;
        _after = after;
        using var _ = ExecutionContext.SuppressFlow();
        _timer = time.CreateTimer(static list => ((DeadlineList)list!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(Call call)
    {
        var deadline = call.Deadline;
        deadline.Call = call;
        deadline.SentAt = _time.GetTimestamp();
        lock (_lock)
        {
            deadline.List = this;
            deadline.Previous = _newest;
            if (_newest is null) _oldest = deadline;
            else _newest.Next = deadline;
            _newest = deadline;
            if (_armed) return;
            _armed = true;
        }

        _timer.Change(_after, Timeout.InfiniteTimeSpan);
    }

    public void Remove(Deadline deadline)
    {
        lock (_lock) Unlink(deadline);
    }

    private void Unlink(Deadline deadline)
    {
        if (deadline.List is null) return;
        if (deadline.Previous is null) _oldest = deadline.Next;
        else deadline.Previous.Next = deadline.Next;
        if (deadline.Next is null) _newest = deadline.Previous;
        else deadline.Next.Previous = deadline.Previous;
        deadline.List = null;
        deadline.Previous = deadline.Next = null;
    }

    private void Expire()
    {
        var expired = new List<Call>();
        TimeSpan next;
        lock (_lock)
        {
            next = Remaining();
            while (_oldest is { } due && next <= TimeSpan.Zero)
            {
                expired.Add(due.Call!);
                Unlink(due);
                next = Remaining();
            }

            _armed = _oldest is not null;
        }

        if (next > TimeSpan.Zero) _timer.Change(next, Timeout.InfiniteTimeSpan);
        foreach (var call in expired) call.TimeOut(_after);
    }

    private TimeSpan Remaining() => _oldest is null ? TimeSpan.Zero : _after - _time.GetElapsedTime(_oldest.SentAt);
}
