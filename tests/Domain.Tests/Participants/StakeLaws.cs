using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Participants;

/// <summary>Deposits, withdrawals and slashes in every order: what holds after each step of each history.</summary>
public class StakeLaws
{
    private static readonly TonAddress Who = Samples.Address(1);

    private enum Act
    {
        Deposit,
        AskPart,
        AskAll,
        Cancel,
        Complete,
        Pay,
        Open,
        Appeal,
        End,
        Void,
        Wait,
    }

    [Fact]
    public void History_ConservesEveryNanoton_AndTakesNoMoreThanTheStake() =>
        Prop.ForAll(Histories().ToArbitrary(), history =>
        {
            var model = new Model();
            foreach (var (act, amount) in history)
            {
                model.Do(act, amount);
                model.ShouldHold();
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));

    private static Gen<(Act, int)[]> Histories() =>
        from count in Gen.Choose(1, 14)
        from steps in Gen.Elements(Enum.GetValues<Act>()).Zip(Gen.Choose(1, 40)).ArrayOf(count)
        select steps.Select(step => (step.Item1, step.Item2)).ToArray();

    /// <summary>One participant with the books; each step is what the grains do, and the books must never refuse it.</summary>
    private sealed class Model
    {
        private static readonly Nanotons Required = new(20);

        private readonly LedgerBook _book = new();
        private readonly List<Slash> _slashes = [];
        private DateTimeOffset _now = Samples.Monday;
        private StakeWithdrawal? _withdrawal;
        private Nanotons _deposited = new(30);
        private Nanotons _paid;
        private int _count;

        public Model() => Record(new Transfer("start", AccountName.StakeAccounts, AccountName.Stake(Who), _deposited, TransferKind.StakeDeposit, "tx", _now));

        private StakePosition Position => new(_book[AccountName.Stake(Who)].Balance, _book[AccountName.Stake(Who)].Reserved, _withdrawal switch
        {
            { State: WithdrawalState.Waiting } => _withdrawal.Amount,
            { State: WithdrawalState.Releasing } => _withdrawal.Released,
            _ => Nanotons.Zero,
        });

        private bool IsUnderWay => _withdrawal is { State: WithdrawalState.Waiting or WithdrawalState.Releasing };

        public void Do(Act act, int amount)
        {
            switch (act)
            {
                case Act.Deposit:
                    _deposited += new Nanotons(amount);
                    Record(new Transfer($"deposit/{_count++}", AccountName.StakeAccounts, AccountName.Stake(Who), new(amount), TransferKind.StakeDeposit, "tx", _now));
                    break;
                case Act.AskPart when StakeWithdrawals.RefusalOfPartial(Position, new(amount), Required, IsUnderWay) is null:
                    Position.Available.ShouldBeGreaterThanOrEqualTo(Required + new Nanotons(amount));
                    _withdrawal = new($"w{_count++}", false, new(amount), _now, _now.AddDays(7), WithdrawalState.Waiting, Nanotons.Zero, null);
                    break;
                case Act.AskAll when StakeWithdrawals.RefusalOfFull(0, IsUnderWay) is null:
                    _withdrawal = new($"w{_count++}", true, Position.Balance, _now, _now.AddDays(7), WithdrawalState.Waiting, Nanotons.Zero, null);
                    break;
                case Act.Cancel when _withdrawal is not null && StakeWithdrawals.RefusalOfCancel(_withdrawal) is null:
                    _withdrawal = _withdrawal with { State = WithdrawalState.Cancelled };
                    break;
                case Act.Complete when _withdrawal is not null:
                    Complete();
                    break;
                case Act.Pay when _withdrawal is { State: WithdrawalState.Releasing }:
                    if (_withdrawal.Released.IsPositive)
                        Record(StakeTransfers.Release(Who, _withdrawal.Id, _withdrawal.Released, _now));
                    _paid += _withdrawal.Released;
                    _withdrawal = _withdrawal with { State = WithdrawalState.Completed };
                    break;
                case Act.Open:
                    Open((SlashOffence)(amount % 4));
                    break;
                case Act.Appeal or Act.End or Act.Void when _slashes.Count > 0:
                    Rule(act, amount % _slashes.Count);
                    break;
                case Act.Wait:
                    _now = _now.AddDays(amount);
                    break;
                default:
                    break;
            }
        }

        public void ShouldHold()
        {
            var position = Position;
            (position.Balance + _paid + Of(AccountName.Burned) + Of(AccountName.Treasury) + Of(AccountName.SlashPending)).ShouldBe(_deposited);
            Of(AccountName.StakeAccounts).ShouldBe(_deposited - _paid);
            position.Available.IsNegative.ShouldBeFalse();
            position.Counting.IsNegative.ShouldBeFalse();
            Of(AccountName.SlashPending).ShouldBe(Nanotons.Zero, "what is pending lies held in the stake");
            Nanotons.Sum(_slashes.Where(slash => slash.IsPending).Select(slash => slash.Amount)).ShouldBeLessThanOrEqualTo(position.Held);
        }

        private void Complete()
        {
            var before = Position;
            var ruling = StakeWithdrawals.Complete(_withdrawal!, before, Required, _slashes.Any(slash => slash.IsPending), _now);
            if (!ruling.Accepted)
                return;
            if (!_withdrawal!.Full)
                (before.Available - ruling.Amount).ShouldBeGreaterThanOrEqualTo(Required);
            ruling.Amount.ShouldBeLessThanOrEqualTo(before.Available);
            if (ruling.Amount.IsPositive)
                Record(StakeTransfers.Hold(Who, _withdrawal.Id, ruling.Amount, _now));
            _withdrawal = _withdrawal with { State = WithdrawalState.Releasing, Released = ruling.Amount };
        }

        private void Open(SlashOffence offence)
        {
            var rate = SlashRules.RateBps(offence, _slashes, _now);
            var amount = SlashRules.Amount(Position, rate);
            amount.ShouldBeLessThanOrEqualTo(Position.Available);
            amount.IsNegative.ShouldBeFalse();
            var slash = new Slash($"s{_count++}", Who, offence, "", rate, amount, _now, SlashState.Open, null, null, null);
            Record(SlashTransfers.Opening(slash));
            _slashes.Add(slash);
        }

        private void Rule(Act act, int at)
        {
            var slash = _slashes[at];
            var command = act switch
            {
                Act.Appeal => SlashCommand.Appeal,
                Act.Void => SlashCommand.Void,
                _ => slash.State == SlashState.Appealed ? SlashCommand.Uphold : SlashCommand.LetStand,
            };
            var transition = SlashLifecycle.Apply(slash.State, command, slash.AppealUntil, _now);
            if (!transition.Accepted)
                return;
            if (transition.To == SlashState.Final)
                Record(SlashTransfers.Finality(slash, _now));
            else if (transition.To == SlashState.Voided)
                Record(SlashTransfers.Voiding(slash, _now));
            _slashes[at] = slash with { State = transition.To };
        }

        private Nanotons Of(AccountName account) => _book[account].Balance;

        private void Record(IEnumerable<Transfer> lines)
        {
            foreach (var line in lines)
                _book.Apply(line).ShouldBe(TransferResult.Recorded, line.Id);
        }

        private void Record(Transfer line) => Record([line]);
    }
}
