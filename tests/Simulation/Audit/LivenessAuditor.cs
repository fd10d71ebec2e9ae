using CocoonPool.PoolSimulation.Pool;

namespace CocoonPool.PoolSimulation.Audit;

/// <summary>After the last fault everything that is due gets done in bounded time, and nothing goes on that has nothing to do.</summary>
internal sealed class LivenessAuditor(Action<string> objectTo)
{
    public void JudgeAtTheEnd(DateTimeOffset now, SimulatedReminders reminders, EpochAuditor epochs)
    {
        foreach (var epoch in epochs.Unsettled(now - PoolTimes.Bound))
            objectTo($"epoch {epoch.Number} ended at {epoch.End:O} and is still {epoch.Phase} at {now:O}");
        foreach (var (_, key, name) in reminders.Rows)
        {
            if (name == "settlement" && epochs.IsSettledAndClaimed(int.Parse(key.Split('/')[^1])))
                objectTo($"the reminder of settled epoch {key} ticks on");
        }

        foreach (var needed in (string[])["calendar", "downtime", "revenue", "stakes"])
        {
            if (reminders.Rows.All(r => r.Name != needed))
                objectTo($"nothing reminds the pool of '{needed}': it would sleep after a restart");
        }
    }
}
