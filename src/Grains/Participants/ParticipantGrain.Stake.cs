using System.Collections.Immutable;
using System.Text.Json;
using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Ledger;
using CocoonPool.Grains.Settlement;

namespace CocoonPool.Grains.Participants;

// The stake account on chain, followed: first the books, then what the grain keeps of it.
public sealed partial class ParticipantGrain
{
    private const int MovementsAtOnce = 100;

    /// <summary>Of the time of the stake plain wallets held; whoever has it still is woken once by it.</summary>
    private const string FormerReminder = "stake-release";

    public async Task<Outcome<ParticipantDescription>> FollowStake()
    {
        try
        {
            while (!await BookNext())
            {
            }
        }
        catch (ChainGatewayException problem)
        {
            // The problem names machines of the pool, and this answer goes to whoever asked.
            LogStakeUnread(Address.ToString(), problem.Message);
            return Outcome<ParticipantDescription>.Refused("chain_unreachable", "The stake on chain cannot be read now; try again in a minute.");
        }
        catch (LedgerRefusedException refused)
        {
            // A slash was opened or ended between reading the books and writing them.
            return Outcome<ParticipantDescription>.Refused("stake_changed", $"The stake changed in this moment, look again: {refused.Message}");
        }
        return await ReviewStake();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (await this.GetReminder(FormerReminder) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    /// <summary>One page of the account's movements. True when there are no more.</summary>
    private async Task<bool> BookNext()
    {
        var after = await stakes.Cursor(PoolId, Address);
        var reading = await chain.Stake(Address, after, MovementsAtOnce);
        foreach (var movement in reading.Movements)
            await Note(movement);
        if (reading.ReadTo > after)
            await stakes.Book(PoolId, Address, after, reading);
        await FollowWithdrawals(reading.IsAll ? reading.State : null);
        return reading.IsAll || reading.ReadTo <= after;
    }

    /// <summary>Under the name that the movement has in the books.</summary>
    private Task Note(StakeMovement movement) => journal.Write(PoolId, new(
        $"chain/{movement.Transaction}", $"stake_{JsonNamingPolicy.SnakeCaseLower.ConvertName($"{movement.Kind}")}", $"{Address}", time.GetUtcNow(),
        JsonSerializer.Serialize(new { amountNano = movement.Amount, slash = movement.SlashNumber, movement.At }, DomainJson.Options)));

    /// <summary>
    /// Brings the withdrawals up to the movements that are booked. These are read back from the database, so that a crash between booking
    /// and this line forgets none of them.
    /// </summary>
    /// <param name="now">The account, if the bookings reach up to it.</param>
    private async Task FollowWithdrawals(StakeAccountState? now)
    {
        var booked = await stakes.Movements(PoolId, Address, record.State.FollowedTo);
        var withdrawals = record.State.Withdrawals.Select(w => w.ToDomain()).ToImmutableArray();
        if (booked.Count > 0)
        {
            var delay = (await Parameters()).WithdrawalDelay;
            withdrawals = booked.Aggregate(withdrawals, (all, next) => StakeWithdrawals.Follow(all, next.Movement, next.StakeAfter, delay));
        }

        // The account knows best how much still waits, and how long.
        if (now is { Withdrawal.IsPositive: true, UnlocksAt: { } due } && withdrawals is [.., { IsWaiting: true, OnChain: true } last])
            withdrawals = withdrawals.SetItem(withdrawals.Length - 1, last with { Amount = now.Withdrawal, DueAt = due });
        var followedTo = booked.Count > 0 ? booked[^1].Movement.LogicalTime : record.State.FollowedTo;
        var next = withdrawals.Select(WithdrawalDescription.Of).ToList();
        if (followedTo != record.State.FollowedTo || !next.SequenceEqual(record.State.Withdrawals))
            await Keep(next, followedTo);
    }
}
