using CocoonPool.Chaos.Audit.Facts;
using CocoonPool.Chaos.Books;
using CocoonPool.Chaos.Pool;

namespace CocoonPool.Chaos.Audit;

/// <summary>What was acknowledged to workers is there, what clients were answered is contributed, once, and sums are sums.</summary>
public static class WorkJudge
{
    /// <summary>
    /// An agent writes a receipt a moment after its answer has gone out; when its disk is full the receipt waits in memory. Who kills the
    /// agent within this time after the answer (which it may have spent frozen) kills what was never acknowledged.
    /// </summary>
    private static readonly TimeSpan Unwritten = TimeSpan.FromSeconds(30);

    /// <param name="lasted">From the pool's start to the reading of the facts.</param>
    /// <param name="clockOffset">By how much clocks were moved in all.</param>
    public static IEnumerable<string> Judge(
        WorkFacts facts, AnswerBook answers, ReceiptBook receipts, IReadOnlyCollection<DoneHarm> harms, IReadOnlyList<Member> members, TimeSpan lasted, TimeSpan clockOffset) =>
        [.. Acknowledged(facts, receipts), .. Answered(facts, answers, receipts, harms, members), .. Sums(facts), .. Uptime(facts, lasted, clockOffset)];

    /// <summary>Answers without a contribution that are explained: refused, or never written because their agent was killed.</summary>
    public static int Explained(WorkFacts facts, AnswerBook answers) =>
        answers.Answers.Count - answers.Answers.Select(a => a.Task).Intersect(facts.Contributions.Select(c => c.Task), StringComparer.Ordinal).Count();

    private static IEnumerable<string> Acknowledged(WorkFacts facts, ReceiptBook receipts)
    {
        if (receipts.IsIncomplete)
            yield return "work: the acknowledgements could not be heard";
        var recorded = facts.Contributions.CountBy(c => c.Task, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var task in receipts.Acknowledged.Where(task => recorded.GetValueOrDefault(task) != 1))
            yield return $"work: receipt {task} was acknowledged and is recorded {recorded.GetValueOrDefault(task)} times";
        foreach (var (task, times) in recorded.Where(r => r.Value > 1))
            yield return $"work: task {task} is recorded {times} times";
    }

    private static IEnumerable<string> Answered(
        WorkFacts facts, AnswerBook answers, ReceiptBook receipts, IReadOnlyCollection<DoneHarm> harms, IReadOnlyList<Member> members)
    {
        var recorded = facts.Contributions.DistinctBy(c => c.Task, StringComparer.Ordinal).ToDictionary(c => c.Task, StringComparer.Ordinal);
        var kills = harms.Where(h => h.Kind == "kill -9").ToLookup(h => h.Victim, h => h.From, StringComparer.Ordinal);
        foreach (var answer in answers.Answers)
        {
            if (recorded.TryGetValue(answer.Task, out var contribution))
            {
                if (contribution.Worker != answer.Worker)
                    yield return $"work: {answer.Task} was answered by {answer.Worker} and counts for {contribution.Worker}";
                if (contribution.IsSuccess && contribution.CompletionTokens > answer.CompletionTokens)
                    yield return $"work: {answer.Task} had {answer.CompletionTokens} tokens and counts for {contribution.CompletionTokens}";
                if (!contribution.IsSuccess && !contribution.IsFlagged)
                    yield return $"work: {answer.Task} was answered whole and is recorded as a failure, unflagged";
                continue;
            }

            var agent = members.First(m => m.Worker == answer.Worker).Agent;
            if (!receipts.Refused.ContainsKey(answer.Task) && !kills[agent].Any(kill => kill >= answer.At - TimeSpan.FromSeconds(1) && kill < answer.At + Unwritten))
                yield return $"work: {answer.Task} was answered by {answer.Worker} at {answer.At:HH:mm:ss} and is not recorded; nobody killed its agent then";
        }
    }

    private static IEnumerable<string> Sums(WorkFacts facts)
    {
        var work = facts.Contributions.ToLookup(c => (c.Epoch, c.Participant));
        var time = facts.Uptime.ToLookup(u => (u.Epoch, u.Participant));
        foreach (var tally in facts.Tallies)
        {
            var key = (tally.Epoch, tally.Participant);
            var (tasks, tokens, milliseconds) = (work[key].LongCount(), work[key].Sum(c => c.AdjustedTokens), time[key].Sum(u => u.GpuMilliseconds));
            if (tally.AdjustedTokens != tokens || tally.GpuMilliseconds != milliseconds)
                yield return $"work: {tally.Participant} in epoch {tally.Epoch} is kept with {tally.AdjustedTokens} tokens and {tally.GpuMilliseconds} ms; {tasks} rows make {tokens} and {milliseconds}";
        }
    }

    private static IEnumerable<string> Uptime(WorkFacts facts, TimeSpan lasted, TimeSpan clockOffset)
    {
        foreach (var worker in facts.Uptime.GroupBy(u => u.Worker, StringComparer.Ordinal))
        {
            var spans = worker.OrderBy(u => u.Since).ThenBy(u => u.Until).ToList();
            foreach (var (before, after) in spans.Zip(spans.Skip(1)).Where(pair => pair.Second.Since < pair.First.Until))
                yield return $"work: uptime of {worker.Key} until {before.Until:HH:mm:ss.fff} is credited again from {after.Since:HH:mm:ss.fff}";
            var credited = spans.Aggregate(TimeSpan.Zero, (sum, u) => sum + (u.Until - u.Since));
            if (credited > lasted + clockOffset)
                yield return $"work: {worker.Key} is credited {credited} in a run of {lasted}, with clocks moved by {clockOffset}";
        }
    }
}
