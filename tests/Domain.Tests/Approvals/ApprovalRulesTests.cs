using CocoonPool.Domain.Approvals;

namespace CocoonPool.Domain.Tests.Approvals;

public class ApprovalRulesTests
{
    private static readonly DateTimeOffset At = Samples.Monday;
    private static readonly Approver Bob = new("bob", OwnCredentials: true);

    private static readonly Approval Proposed = new(
        Guid.Empty, "ledger_adjustment", "{}", "a typing mistake", "alice", At, TimeSpan.FromHours(1), ApprovalState.Proposed);

    public static TheoryData<ApprovalState, string> OtherThanProposed => new()
    {
        { ApprovalState.Approved, "approval_decided" },
        { ApprovalState.Executed, "approval_decided" },
        { ApprovalState.Cancelled, "approval_decided" },
        { ApprovalState.Refused, "approval_decided" },
    };

    [Fact]
    public void Approve_ByASecondPerson_IsAccepted() =>
        ApprovalRules.Approve(Proposed, Bob, At.AddDays(7)).ShouldBe(Transition.Accept(ApprovalState.Proposed, ApprovalState.Approved));

    [Fact]
    public void Approve_ByTheOneWhoProposed_IsNoSecondPair_OfEyes() =>
        ApprovalRules.Approve(Proposed, new("alice", OwnCredentials: true), At).Refusal.ShouldBe("same_operator");

    [Fact]
    public void Approve_WithCredentialsThatSomebodyElseSet_CouldBeTheFirstPersonAgain() =>
        ApprovalRules.Approve(Proposed, new("bob", OwnCredentials: false), At).Refusal.ShouldBe("credentials_not_own");

    [Fact]
    public void Approve_AfterTheWeekIsOver_IsTooLate() =>
        ApprovalRules.Approve(Proposed, Bob, At.AddDays(7).AddTicks(1)).Refusal.ShouldBe("approval_expired");

    [Fact]
    public void Approve_RepeatedByTheSamePerson_ChangesNothing()
    {
        var approved = Proposed with { State = ApprovalState.Approved, DecidedBy = "bob" };
        ApprovalRules.Approve(approved, Bob, At.AddYears(1)).ShouldBe(Transition.Accept(ApprovalState.Approved, ApprovalState.Approved));
        ApprovalRules.Approve(approved, new("carol", OwnCredentials: true), At).Refusal.ShouldBe("approval_decided");
    }

    [Theory]
    [MemberData(nameof(OtherThanProposed))]
    public void Approve_WhatIsDecided_IsRefused(ApprovalState state, string refusal) => ApprovalRules.Approve(Proposed with { State = state }, Bob, At).Refusal.ShouldBe(refusal);

    [Theory]
    [InlineData(ApprovalState.Proposed, "to Cancelled")]
    [InlineData(ApprovalState.Approved, "to Cancelled")]
    [InlineData(ApprovalState.Cancelled, "to Cancelled")]
    [InlineData(ApprovalState.Executed, "refused approval_decided")]
    [InlineData(ApprovalState.Refused, "refused approval_decided")]
    public void Cancel_NeedsOnePerson_UntilItIsCarriedOut(ApprovalState state, string expected) =>
        ApprovalRules.Cancel(Proposed with { State = state }).ShouldAnswer(state, expected);

    [Fact]
    public void Approved_IsDueWhenItsTimelockHasPassed()
    {
        var approved = Proposed with { State = ApprovalState.Approved, ExecuteAt = At };
        ApprovalRules.IsDue(approved, At).ShouldBeTrue();
        ApprovalRules.IsDue(approved, At.AddTicks(-1)).ShouldBeFalse();
        ApprovalRules.IsDue(approved with { ExecuteAt = null }, At).ShouldBeFalse();
        ApprovalRules.IsDue(approved with { State = ApprovalState.Cancelled }, At).ShouldBeFalse();
    }
}
