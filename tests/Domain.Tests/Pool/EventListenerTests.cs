using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Tests.Pool;

public class EventListenerTests
{
    private static readonly TonAddress Self = new(0, new byte[32]);
    private static readonly TonAddress Other = new(0, [.. Enumerable.Repeat((byte)1, 32)]);

    private static readonly EventListener Participant = EventListener.Stranger with { Self = Self };
    private static readonly EventListener Reader = new(ReadsPool: true, ReadsParticipants: false, Self: null);
    private static readonly EventListener Operator = new(ReadsPool: true, ReadsParticipants: true, Self: null);

    public static TheoryData<EventListener, string, bool, bool, bool> Table { get; } = new()
    {
        // who, what, of the pool, of the participant, of another one
        { EventListener.Stranger, "epoch_finalized", true, true, true },
        { EventListener.Stranger, "approval_executed", false, false, false },
        { EventListener.Stranger, "slash_opened", false, false, false },
        { Participant, "epoch_finalized", true, true, true },
        { Participant, "approval_executed", false, false, false },
        { Participant, "slash_opened", false, true, false },
        { Reader, "settlement_stopped", true, true, true },
        { Reader, "slash_opened", false, false, false },
        { Operator, "approval_executed", true, true, true },
        { Operator, "slash_opened", false, true, true },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Event_IsHeardByWhoMayReadWhatItTellsOf(EventListener who, string what, bool ofThePool, bool ofSelf, bool ofAnother)
    {
        var kind = EventKinds.Find(what)!;

        (who.MayHear(kind, null), who.MayHear(kind, Self), who.MayHear(kind, Other)).ShouldBe((ofThePool, ofSelf, ofAnother));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Kind_MayBeAskedFor_WhenAnyEventOfItCouldBeHeard(EventListener who, string what, bool ofThePool, bool ofSelf, bool ofAnother) =>
        who.MayAskFor(EventKinds.Find(what)!).ShouldBe(ofThePool || ofSelf || ofAnother);

    [Fact]
    public void Participant_MayBeAskedFor_ByThemselvesAndByWhoReadsAll()
    {
        ((EventListener[])[EventListener.Stranger, Participant, Reader, Operator]).Select(who => who.MayAskFor(Self)).ShouldBe([false, true, false, true]);
        ((EventListener[])[EventListener.Stranger, Participant, Reader, Operator]).Select(who => who.MayAskFor(Other)).ShouldBe([false, false, false, true]);
    }

    [Fact]
    public void Event_ThatNobodyCouldAskFor_IsAMistake()
    {
        EventKinds.MustFit("epoch_finalized", null);
        EventKinds.MustFit("slash_opened", Self);

        Should.Throw<ArgumentException>(() => EventKinds.MustFit("epoch_opened", null));
        Should.Throw<ArgumentException>(() => EventKinds.MustFit("slash_opened", null));
        Should.Throw<ArgumentException>(() => EventKinds.MustFit("epoch_finalized", Self));
    }
}
