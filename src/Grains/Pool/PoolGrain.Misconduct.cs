using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;

namespace CocoonPool.Grains.Pool;

// Offences that other grains saw.
public sealed partial class PoolGrain
{
    private const int ReportsAtOnce = 20;

    /// <summary>
    /// Opens a slash for what was reported. While a case for the same offence is pending, what comes further belongs to it: a worker that
    /// goes wrong does so a thousand times, and its owner answers once. A crash between the slash and the note finds that very case.
    /// </summary>
    public async Task InspectMisconduct()
    {
        foreach (var report in await reports.Waiting(PoolId, ReportsAtOnce))
        {
            if (SlashRules.CaseOf(report.Offence, await slashes.List(PoolId, report.Participant)) is { } pending)
            {
                await reports.Conclude(PoolId, report.Id, $"slash/{pending.Id}");
                continue;
            }

            var accusation = new SlashAccusation(report.Participant, report.Offence, report.Evidence);
            var id = SlashRules.IdOf(accusation.Participant, accusation.Offence, accusation.Evidence);
            var opened = await GrainFactory.GetGrain<ISlashGrain>($"{PoolId}/{id}").Open(accusation);
            var outcome = opened.Refusal ?? $"slash/{id}";
            await reports.Conclude(PoolId, report.Id, outcome);
            LogMisconduct(report.Worker.Value, report.Participant.ToString(), report.Offence, report.Id, outcome);
        }
    }
}
