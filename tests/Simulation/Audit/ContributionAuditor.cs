using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Workers;
using CocoonPool.PoolSimulation.Database;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>What was acknowledged to a worker is there at that moment and stays; nothing counts twice, late into a closed epoch, or for time that nobody was there.</summary>
public sealed class ContributionAuditor(PoolDatabase database, Action<string> objectTo)
{
    private readonly HashSet<string> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (TonAddress Participant, long Claimed)> _acknowledged = new(StringComparer.Ordinal);
    private readonly Dictionary<WorkerId, DateTimeOffset> _creditedUntil = [];
    private readonly Dictionary<WorkerId, TimeSpan> _credited = [];
    private readonly Dictionary<WorkerId, TimeSpan> _present = [];
    private readonly Dictionary<WorkerId, TimeSpan> _arrived = [];
    private int _contributions;
    private int _uptime;

    /// <summary>How much the pool's clock was moved in all: uptime follows that clock.</summary>
    public TimeSpan ClockMoved { get; set; }

    /// <summary>A worker was told that a receipt is recorded.</summary>
    public void Acknowledged(string task, TonAddress participant, long claimedCompletion)
    {
        if (!_tasks.Contains(task))
            objectTo($"receipt {task} was acknowledged and is not stored");
        _acknowledged[task] = (participant, claimedCompletion);
    }

    /// <summary>A worker was told that a second, different receipt is recorded.</summary>
    public void AcknowledgedConflict(string task) => objectTo($"a second receipt for {task} with other content was acknowledged");

    /// <summary>The worker's machine was turned on at this time of the simulation.</summary>
    public void Arrived(WorkerId worker, TimeSpan at) => _arrived[worker] = at;

    public void Left(WorkerId worker, TimeSpan at)
    {
        if (_arrived.Remove(worker, out var since))
            _present[worker] = _present.GetValueOrDefault(worker) + (at - since);
    }

    public void Committed()
    {
        for (; _contributions < database.Contributions.Count; _contributions++)
        {
            var row = database.Contributions[_contributions];
            if (!_tasks.Add(row.Task))
                objectTo($"task {row.Task} is recorded twice");
            if (database.Epochs.Find(new(row.Epoch))?.Phase != EpochState.Open)
                objectTo($"task {row.Task} was added to epoch {row.Epoch}, which is {database.Epochs.Find(new(row.Epoch))?.Phase}");
        }

        for (; _uptime < database.Uptime.Count; _uptime++)
        {
            var row = database.Uptime[_uptime];
            if (_creditedUntil.TryGetValue(row.Worker, out var until) && row.From < until)
                objectTo($"uptime of {row.Worker} from {row.From:O} was credited before");
            if (database.Epochs.Find(new(row.Epoch))?.Phase != EpochState.Open)
                objectTo($"uptime of {row.Worker} was added to epoch {row.Epoch}, which is not open");
            _creditedUntil[row.Worker] = row.To;
            _credited[row.Worker] = _credited.GetValueOrDefault(row.Worker) + (row.To - row.From);
        }
    }

    /// <param name="at">The time of the simulation.</param>
    public void JudgeAtTheEnd(TimeSpan at)
    {
        foreach (var worker in _arrived.Keys.ToList())
            Left(worker, at);
        var rows = database.Contributions.ToLookup(c => c.Task, StringComparer.Ordinal);
        foreach (var (task, (participant, claimed)) in _acknowledged)
        {
            if (rows[task].ToList() is not [var row])
                objectTo($"receipt {task} was acknowledged and is recorded {rows[task].Count()} times");
            else if (row.Participant != participant || row.Credited.Completion > claimed)
                objectTo($"receipt {task} credits {row.Credited.Completion} tokens to {row.Participant}; {participant} claimed {claimed}");
        }

        foreach (var (key, kept) in database.Tallies.Rows)
        {
            var summed = database.Contributions.Where(c => c.Epoch == key.Epoch && c.Participant == key.Participant).Aggregate(default(TallyIncrement), (sum, c) => sum + c.Increment);
            if (kept with { GpuMilliseconds = 0 } != summed)
                objectTo($"the tally of {key.Participant} in epoch {key.Epoch} is {kept} and its rows make {summed}");
        }

        foreach (var (worker, credited) in _credited)
        {
            if (credited > _present.GetValueOrDefault(worker) + ClockMoved)
                objectTo($"{worker} was there for {_present.GetValueOrDefault(worker)} and was credited {credited}");
        }
    }
}
