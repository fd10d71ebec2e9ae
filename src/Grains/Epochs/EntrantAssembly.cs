using System.Numerics;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Contributions;
using CocoonPool.Grains.Participants;
using CocoonPool.Grains.Workers;

namespace CocoonPool.Grains.Epochs;

/// <summary>Puts together what an epoch knows of each participant. Pure: the same inputs give the same entrants in the same order.</summary>
public static class EntrantAssembly
{
    public static IReadOnlyList<EpochEntrant> Assemble(
        EpochDescription epoch,
        IReadOnlyList<ParticipantDescription> participants,
        IReadOnlyList<ActiveWorker> workers,
        IReadOnlyList<EpochTally> tallies,
        IReadOnlyDictionary<AccountName, AccountFigures> accounts)
    {
        var tallyOf = tallies.ToDictionary(t => t.Tally.Participant, t => t.Tally);
        // A tally without its participant would be work that nobody is paid for; whoever lost the row must be found before the epoch is published.
        if (tallyOf.Keys.Except(participants.Select(p => p.Address)).ToList() is [var lost, ..])
            throw new InvalidOperationException($"Epoch {epoch.Number} has a tally of {lost}, who is no participant.");
        var expectedOf = workers.GroupBy(w => w.Participant).ToDictionary(
            g => g.Key,
            g => g.Aggregate(BigInteger.Zero, (sum, w) => sum + ExpectedUptime.GpuMilliseconds(epoch.Start, epoch.End, w.ActiveSince, w.Gpus, w.ActiveUntil)));
        return [.. participants.OrderBy(p => p.Address).Select(Entrant)];

        EpochEntrant Entrant(ParticipantDescription participant)
        {
            var tally = tallyOf.GetValueOrDefault(participant.Address)
                ?? new ParticipantTally(participant.Address, BigInteger.Zero, BigInteger.Zero, BigInteger.Zero, BigInteger.Zero, 0);
            return new(
                tally,
                expectedOf.GetValueOrDefault(participant.Address),
                EpochCalendar.WholeMilliseconds(participant.JoinedAt),
                participant.Gpus,
                participant.Reputation,
                participant.State == ParticipantState.Suspended || participant.SuspendedBecause is not null,
                participant.Destination.At(epoch.End),
                participant.MinPayout,
                accounts.GetValueOrDefault(AccountName.Rewards(participant.Address)).Available,
                IsClaimed(participant) ? PayoutSchedule.EveryEpoch : participant.Schedule,
                participant.Referrer);
        }

        // A claim is for the epoch in which it was made, so that it is used once and needs no one to take it back.
        bool IsClaimed(ParticipantDescription participant) => participant.ClaimRequestedAt is { } claimed && claimed >= epoch.Start && claimed < epoch.End;
    }
}
