using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using FsCheck;
using FsCheck.Fluent;

namespace CocoonPool.Domain.Tests.Participants;

/// <summary>
/// Deposits, withdrawals and slashes in every order on chain and in the pool, with the books behind by as much as they like: what holds
/// whenever they have caught up.
/// </summary>
public class StakeLaws
{
    private static readonly TonAddress Who = Samples.Address(1);

    private enum Act
    {
        Deposit,
        Withdraw,
        WithdrawAll,
        Open,
        Appeal,
        End,
        Void,
        Execute,
        ExecutePastThePool,
        Wait,
        Book,
    }

    [Fact]
    public void Books_FollowTheChainWhateverItDid_AndLoseNoNanoton() =>
        Prop.ForAll(Histories().ToArbitrary(), history =>
        {
            var model = new Model();
            foreach (var (act, amount) in history)
                model.Do(act, amount);
            model.Do(Act.Book, 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Laws.Cases));

    private static Gen<(Act, int)[]> Histories() =>
        from count in Gen.Choose(1, 18)
        from steps in Gen.Elements(Enum.GetValues<Act>()).Zip(Gen.Choose(1, 40)).ArrayOf(count)
        select steps.Select(step => (step.Item1, step.Item2)).ToArray();

    /// <summary>One participant's account on chain and the books; each step is what the grains do, and the books must never refuse it.</summary>
    private sealed class Model
    {
        private readonly LedgerBook _book = new();
        private readonly List<StakeMovement> _unread = [];
        private readonly HashSet<ulong> _executed = [];
        private readonly List<Slash> _slashes = [];
        private DateTimeOffset _now = Samples.Monday;
        private Nanotons _stake;
        private int _count;

        public Model()
        {
            Move(StakeMovementKind.Deposited, new(30));
            Do(Act.Book, 0);
        }

        public void Do(Act act, int amount)
        {
            switch (act)
            {
                case Act.Deposit:
                    Move(StakeMovementKind.Deposited, new(amount));
                    break;
                case Act.Withdraw or Act.WithdrawAll when _stake.IsPositive:
                    Move(StakeMovementKind.Withdrawn, act == Act.WithdrawAll ? _stake : Nanotons.Min(_stake, new(amount)));
                    break;
                case Act.Open:
                    Open((SlashOffence)(amount % 4));
                    break;
                case Act.Appeal or Act.End or Act.Void when _slashes.Count > 0:
                    Rule(act, amount % _slashes.Count);
                    break;
                case Act.Execute when _slashes.Find(slash => slash.AwaitsExecution && slash.Amount <= _stake && !_executed.Any(number => slash.IsNumbered(number))) is { } due:
                    _executed.Add(due.NumberOnChain);
                    Move(StakeMovementKind.Slashed, due.Amount, due.NumberOnChain);
                    break;
                case Act.ExecutePastThePool when _stake.IsPositive:
                    Move(StakeMovementKind.Slashed, Nanotons.Min(_stake, new(amount)), (ulong)_count);
                    break;
                case Act.Wait:
                    _now = _now.AddDays(amount);
                    break;
                case Act.Book:
                    CatchUp();
                    break;
                default:
                    break;
            }
        }

        private void CatchUp()
        {
            var books = new StakeBooks(Who, _book[AccountName.Stake(Who)], _slashes);
            foreach (var movement in _unread)
                books.Book(movement);
            _unread.Clear();
            Record(books.Lines);
            foreach (var changed in books.ChangedSlashes.ToList())
                _slashes[_slashes.FindIndex(slash => slash.Id == changed.Id)] = changed;

            var figures = _book[AccountName.Stake(Who)];
            (figures.Balance + Of(AccountName.SlashPending)).ShouldBe(_stake, "what the books have is what the chain has");
            Of(AccountName.StakeAccounts).ShouldBe(_stake);
            figures.Available.IsNegative.ShouldBeFalse();
            figures.Reserved.ShouldBe(Nanotons.Sum(_slashes.Where(slash => slash.IsPending).Select(slash => slash.Amount)));
            Of(AccountName.SlashPending).ShouldBe(Nanotons.Sum(_slashes.Where(slash => slash.AwaitsExecution).Select(slash => slash.Amount)));
            (Of(AccountName.Burned), Of(AccountName.Treasury)).ShouldBe((Nanotons.Zero, Nanotons.Zero), "they pass through");
        }

        private void Move(StakeMovementKind kind, Nanotons amount, ulong? slash = null)
        {
            var movement = new StakeMovement(++_count, $"tx{_count}", kind, amount, slash, _now);
            _stake = movement.After(_stake);
            _unread.Add(movement);
        }

        private void Open(SlashOffence offence)
        {
            var figures = _book[AccountName.Stake(Who)];
            var rate = SlashRules.RateBps(offence, _slashes, _now);
            var amount = SlashRules.Amount(new(figures.Balance, figures.Reserved, Nanotons.Zero), rate);
            var slash = new Slash(SlashRules.IdOf(Who, offence, $"{_count++}"), Who, offence, "", rate, amount, _now, SlashState.Open, null, null, null);
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
    }
}
