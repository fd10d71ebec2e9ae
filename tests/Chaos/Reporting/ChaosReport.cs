using System.Globalization;
using System.Text;
using CocoonPool.Chaos.Audit.Facts;
using CocoonPool.Chaos.Growth;
using CocoonPool.Chaos.Running;

namespace CocoonPool.Chaos.Reporting;

/// <summary>The report of one run, for people: what was done, what the auditor says, what grew.</summary>
public static class ChaosReport
{
    private const int MostObjections = 50;

    public static string Write(ChaosOutcome outcome)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Chaos: {outcome.Options.Duration.TotalMinutes:0.#} minutes, seed {outcome.Options.Seed}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Started {outcome.StartedAt:yyyy-MM-dd HH:mm} UTC; {Environment.ProcessorCount} cores. Again with `./cocoon chaos --seed {outcome.Options.Seed}`.\n\n");
        Judgement(text, outcome);
        Load(text, outcome);
        Harms(text, outcome);
        Growth(text, outcome.Growth);
        return text.ToString();
    }

    private static void Judgement(StringBuilder text, ChaosOutcome outcome)
    {
        if (outcome.Verdict.Ok)
        {
            text.Append("**The auditor has no objection.**\n\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"**The auditor objects ({outcome.Verdict.Objections.Count}):**\n\n");
        foreach (var objection in outcome.Verdict.Objections.Take(MostObjections))
            text.Append(CultureInfo.InvariantCulture, $"- {objection}\n");
        text.Append('\n');
    }

    private static void Load(StringBuilder text, ChaosOutcome outcome)
    {
        var (books, facts) = (outcome.Books, outcome.Verdict.Facts);
        var refused = books.Answers.Failures.Values.Sum();
        var settled = facts.Epochs.Count(e => e.Phase == EpochFacts.Settled);
        text.Append("## What happened\n\n| what | how much |\n|---|---|\n");
        Row("answers that clients have whole", $"{books.Answers.Count}, {books.Answers.Answers.Count(a => a.IsStreamed)} of them streamed");
        Row("requests that failed", $"{refused}{(refused == 0 ? "" : ": " + string.Join(", ", books.Answers.Failures.OrderByDescending(f => f.Value).Select(f => $"{f.Value} × {f.Key}")))}");
        Row("receipts acknowledged on the wire", $"{books.Receipts.Acknowledged.Count}");
        Row("receipts refused", $"{books.Receipts.Refused.Count}{(books.Receipts.Refused.Count == 0 ? "" : ": " + string.Join(", ", books.Receipts.Refused.Values.CountBy(code => code, StringComparer.Ordinal).Select(c => $"{c.Value} × {c.Key}")))}");
        Row("contributions recorded", $"{facts.Work.Contributions.Count}, {facts.Work.Contributions.Count(c => c.IsFlagged)} of them flagged");
        Row("answers without a contribution, explained", $"{outcome.Verdict.Unrecorded}");
        Row("epochs closed and settled", $"{settled}, {books.Closings.Closings.Count} of them acknowledged to the operator; {outcome.MoneyFailures} payments or closings got no answer");
        Row("payouts that arrived", $"{facts.Chain.Payouts.Values.Sum(p => p.Count)} of {facts.Chain.Payouts.Values.SelectMany(p => p).Sum(a => a.AmountNano)} nanoTON together");
        Row("payments received and booked", $"{facts.Chain.Deposits.Count}");
        Row("ledger lines", $"{facts.Ledger.Lines.Count}");
        text.Append('\n');

        void Row(string what, string howMuch) => text.Append(CultureInfo.InvariantCulture, $"| {what} | {howMuch} |\n");
    }

    private static void Harms(StringBuilder text, ChaosOutcome outcome)
    {
        text.Append("## What was done to it\n\nSeconds from the end of the harm until clients had answers again.\n\n");
        text.Append("| harm | victim | times | answers again, median s | longest s |\n|---|---|---|---|---|\n");
        foreach (var group in outcome.Books.Harms.Done.GroupBy(h => (h.Kind, Victim: h.Victim.StartsWith("agent-", StringComparison.Ordinal) ? "an agent" : h.Victim)).OrderBy(g => g.Key))
        {
            var seconds = group.Where(h => h.AnsweredAgain is not null).Select(h => (h.AnsweredAgain!.Value - h.Until).TotalSeconds).Order().ToList();
            var (median, longest) = seconds.Count == 0 ? ("–", "–") : (Number(seconds[seconds.Count / 2]), Number(seconds[^1]));
            text.Append(CultureInfo.InvariantCulture, $"| {group.Key.Kind} | {group.Key.Victim} | {group.Count()} | {median} | {longest} |\n");
        }

        foreach (var impossible in outcome.Impossible)
            text.Append(CultureInfo.InvariantCulture, $"\nNot done on this machine: {impossible}.\n");
        text.Append('\n');
    }

    private static void Growth(StringBuilder text, IReadOnlyList<ServiceSeries> series)
    {
        text.Append("## Memory and file descriptors\n\nMemory of all processes of a service without files and shared buffers. Growth is a least-squares slope over all lives, the first minute of each left out; a dash where less than four minutes could be observed.\n\n");
        text.Append("| service | starts | memory MiB, median | most | MiB per hour | descriptors, median | most | per hour | observed s |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (var service in series)
        {
            var memory = service.Samples.Select(s => s.MemoryMebibytes).Order().ToList();
            var descriptors = service.Samples.Select(s => s.Descriptors).Order().ToList();
            text.Append(CultureInfo.InvariantCulture,
                $"| {service.Service} | {service.Lives} | {Number(memory[memory.Count / 2])} | {Number(memory[^1])} | {Number(service.MemoryGrowth)} | {descriptors[descriptors.Count / 2]:0} | {descriptors[^1]:0} | {Number(service.DescriptorGrowth)} | {service.Observed:0} |\n");
        }

        text.Append("\n![memory over time](growth.svg)\n");
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.0", CultureInfo.InvariantCulture) : "–";
}
