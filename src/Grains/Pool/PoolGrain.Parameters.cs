using System.Text.Json;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Grains.Pool;

// Parameters: proposed, waiting for the timelock, applied by the calendar's tick, or cancelled.
public sealed partial class PoolGrain
{
    /// <summary>More would make the grain's state large; an operator who waits for so many has lost count too.</summary>
    private const int MostWaiting = 20;

    public async Task<Outcome<ProposalDescription>> ProposeParameters(ProposeParameters command)
    {
        if (!record.State.Created)
            return Outcome<ProposalDescription>.From(NoSuchPool());
        var (change, current) = (PoolParametersJson.ReadChange(command.Change), PoolParametersJson.Read(record.State.Parameters));
        var text = PoolParametersJson.Write(change);
        if (command.Approval is not null && record.State.Proposals.Find(p => string.Equals(p.Approval, command.Approval, StringComparison.Ordinal)) is { } done)
            return Outcome<ProposalDescription>.Done(done);
        var waiting = record.State.Proposals.Where(p => p.State == ProposalState.Waiting).ToList();
        if (waiting.FirstOrDefault(p => string.Equals(p.Change, text, StringComparison.Ordinal)) is { } same)
            return Outcome<ProposalDescription>.Done(same);
        if (change.ApplyTo(current).Validate() is { Count: > 0 } mistakes)
            return Outcome<ProposalDescription>.Refused("invalid_parameters", string.Join(" ", mistakes));
        if (change.IsEmptyFor(current))
            return Outcome<ProposalDescription>.Refused("nothing_to_change", "These parameters are what they are already.");
        if (waiting.Count >= MostWaiting)
            return Outcome<ProposalDescription>.Refused("too_many_proposals", $"{MostWaiting} proposals wait already; cancel one or let one apply.");
        var now = time.GetUtcNow();
        var proposal = new ProposalDescription($"p{record.State.Proposals.Count + 1}", text, command.Reason, now, now + current.ParameterTimelock, ProposalState.Waiting, null, command.Approval);
        record.State = record.State with { Proposals = [.. record.State.Proposals, proposal] };
        await Keep(proposal);
        return Outcome<ProposalDescription>.Done(proposal);
    }

    public async Task<Outcome<ProposalDescription>> CancelProposal(string proposalId)
    {
        if (record.State.Proposals.FirstOrDefault(p => string.Equals(p.Id, proposalId, StringComparison.Ordinal)) is not { } proposal)
            return Outcome<ProposalDescription>.Refused("not_found", $"There is no proposal '{proposalId}'.");
        var transition = ProposalLifecycle.Apply(proposal.State, ProposalCommand.Cancel, proposal.AppliesAt, time.GetUtcNow(), fits: true);
        if (!transition.Accepted)
            return Outcome<ProposalDescription>.Refused("illegal_transition", $"{transition.Refusal}: propose the former values to undo it.");
        if (transition.To == proposal.State)
            return Outcome<ProposalDescription>.Done(proposal);
        proposal = proposal with { State = transition.To, EndedAt = time.GetUtcNow() };
        await Keep(proposal);
        return Outcome<ProposalDescription>.Done(proposal);
    }

    public Task<ProposalDescription[]> Proposals() => Task.FromResult(Enumerable.Reverse(record.State.Proposals).ToArray());

    public Task<string?> ParametersAt(DateTimeOffset moment) => Task.FromResult(
        record.State.Created ? record.State.Former.Find(former => moment < former.Until)?.Parameters ?? record.State.Parameters : null);

    /// <summary>
    /// Applies what is due, in the order in which it is due, as of the very moment when its timelock ended: a pool that was down at that
    /// moment has the same history as one that was not.
    /// </summary>
    private async Task ApplyDueProposals()
    {
        var now = time.GetUtcNow();
        foreach (var proposal in record.State.Proposals.Where(p => p.State == ProposalState.Waiting && p.AppliesAt <= now).OrderBy(p => p.AppliesAt).ToList())
        {
            var next = PoolParametersJson.ReadChange(proposal.Change).ApplyTo(PoolParametersJson.Read(record.State.Parameters));
            var transition = ProposalLifecycle.Apply(proposal.State, ProposalCommand.Apply, proposal.AppliesAt, now, fits: next.Validate().Count == 0);
            if (transition.To == ProposalState.Applied)
            {
                await epochs.ChangeDuration(PoolId, next.EpochDuration);
                record.State = record.State with
                {
                    Former = [.. record.State.Former, new(proposal.AppliesAt, record.State.Parameters)],
                    Parameters = PoolParametersJson.Write(next),
                };
            }
            await Keep(proposal with { State = transition.To, EndedAt = proposal.AppliesAt });
        }
    }

    private async Task Keep(ProposalDescription proposal)
    {
        record.State = record.State with { Proposals = [.. record.State.Proposals.Select(p => string.Equals(p.Id, proposal.Id, StringComparison.Ordinal) ? proposal : p)] };
        await this.OrEnd(() => journal.Write(PoolId, new(
            $"parameters/{proposal.Id}/{proposal.State}", $"parameters_{proposal.State.ToString().ToLowerInvariant()}", proposal.Id, time.GetUtcNow(), JsonSerializer.Serialize(proposal, DomainJson.Options))));
        await this.WriteOrEnd(record);
        LogProposal(PoolId, proposal.Id, proposal.State, proposal.Change);
        await events.Append(PoolId, new(
            $"parameters/{proposal.Id}/{proposal.State}", time.GetUtcNow(), "parameters_changed", null, JsonSerializer.Serialize(proposal, DomainJson.Told)));
    }
}
