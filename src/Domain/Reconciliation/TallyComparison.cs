using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Reconciliation;

/// <summary>What an epoch's shares were computed from ↔ what is kept of the contributions.</summary>
public static class TallyComparison
{
    /// <summary>The participants whose published figures are not the kept ones, by address. Somebody who is only on one side counts as all zeros there.</summary>
    public static IReadOnlyList<TonAddress> Differing(IEnumerable<ParticipantTally> published, IEnumerable<ParticipantTally> kept)
    {
        var others = kept.ToDictionary(tally => tally.Participant);
        var differing = new List<TonAddress>();
        foreach (var tally in published)
        {
            others.Remove(tally.Participant, out var other);
            if (tally != (other ?? Nothing(tally.Participant)))
                differing.Add(tally.Participant);
        }
        differing.AddRange(others.Values.Where(tally => tally != Nothing(tally.Participant)).Select(tally => tally.Participant));
        return [.. differing.Order()];
    }

    private static ParticipantTally Nothing(TonAddress participant) => new(participant, 0, 0, 0, 0, 0);
}
