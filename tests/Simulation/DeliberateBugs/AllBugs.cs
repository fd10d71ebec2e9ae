namespace CocoonPool.PoolSimulation.DeliberateBugs;

/// <summary>Every deliberate bug. A new one is a line here, and the tests demand that it is caught.</summary>
public static class AllBugs
{
    public static IReadOnlyList<DeliberateBug> List { get; } =
    [
        new("send-before-persist", "A payout is sent as soon as it is signed, before the signature is stored.", p => p.Gateway = new SendBeforePersist(p)),
        new("replan-after-crash", "A settlement that is met after a restart is planned anew, and forgets what was signed.", p => p.Settlements = new ReplanAfterCrash(p), seenWith: 27),
        new("confirm-in-two-steps", "A batch is marked as done in one transaction and booked in another.", p => p.Settlements = new ConfirmInTwoSteps(p), seenWith: 4),
        new("acknowledge-before-durable", "A receipt is acknowledged while it is still being written.", p => p.Contributions = new AcknowledgeBeforeDurable(p)),
        new("missing-deduplication", "A receipt that comes again is recorded again.", p => p.Contributions = new MissingDeduplication(p)),
        new("tally-before-commit", "The tallies are moved in a transaction of their own before the receipts are written.", p => p.Contributions = new TallyBeforeCommit(p)),
        new("late-into-closed-epoch", "A late receipt is added to the epoch of its task, whether or not that is closed.", p => p.Contributions = new LateIntoClosedEpoch(p)),
        new("uptime-credited-twice", "Uptime is credited without looking at how far it is credited.", p => p.Contributions = new UptimeCreditedTwice(p)),
        new("double-close", "An epoch is published in one transaction and marked as closed in another: what comes between publishes it again.", p => p.Epochs = new DoubleClose(p)),
        new("end-moves-while-closing", "An interrupted closing takes the time of its next attempt as the epoch's end.", p => p.Epochs = new EndMovesWhileClosing(p)),
        new("forgotten-void", "A slash that is taken back keeps the stake held.", p => p.Slashes = new ForgottenVoid(p), seenWith: 3),
        new("slash-untold", "A slash is written without the event that tells of it.", p => p.Slashes = new SlashUntold(p), seenWith: 3),
        new("cursor-before-booking", "The place in the chain is moved on before the payments are booked.", p => p.Revenue = new CursorBeforeBooking(p)),
        new("payment-known-by-time", "A payment is told from others by when it is booked, not by its transaction.", p => p.Revenue = new PaymentKnownByTime(p)),
        new("stake-sent-before-persist", "A command to a stake account is sent as soon as it is signed, before the signature is stored.", p => p.StakeChain = new StakeSentBeforePersist(p)),
        new("stake-slash-unseen", "The books pass over slashes that the chain has executed.", p => p.Stakes = new StakeSlashUnseen(p)),
        new("renamed-member", "Another version calls a member of a participant's state otherwise.", _ => { }, seenWith: 7) { OtherVersion = RenamedMember.Write },
        new("line-after-step", "A line of the audit log is written when there is time for it, and the step does not wait.", p => p.Journal = new LineAfterStep(p)),
        new("swallowed-failure", "A failed write of contributions is taken for a success.", p => p.Contributions = new SwallowedFailure(p)),
    ];

    public static DeliberateBug? Find(string name) => List.FirstOrDefault(b => string.Equals(b.Name, name, StringComparison.Ordinal));
}
