using System.Collections.Concurrent;

namespace CocoonPool.Engine.Local;

/// <summary>One observer, held weakly; its calls run one after another, each to its end.</summary>
internal sealed class ObserverTarget : CallTarget
{
    private readonly Mailbox _mailbox;

    public ObserverTarget(LocalEngine engine, IGrainObserver observer)
        : base(new GrainId("sys.client", engine.NextId().ToString("N")))
    {
        _mailbox = new Mailbox(engine, GrainId, observer);
    }

    public bool Deleted { get; set; }

    public override void Receive(Call call)
    {
        if (Deleted || !_mailbox.TryReceive(call)) call.TryFail(new ClientNotAvailableException($"{GrainId} was deleted or collected."));
    }

    private sealed class Mailbox : Receiver
    {
        private readonly WeakReference<IGrainObserver> _observer;
        private readonly ConcurrentQueue<Call> _calls = new();
        private readonly TurnScheduler _turns;
        private int _waiting;

        public Mailbox(LocalEngine engine, GrainId id, IGrainObserver observer)
            : base(engine, id)
        {
            _observer = new WeakReference<IGrainObserver>(observer);
            _turns = new TurnScheduler(engine.Pool, this);
        }

        public override object? Instance => _observer.TryGetTarget(out var observer) ? observer : null;

        public override bool TryReceive(Call call)
        {
            if (Instance is null) return false;
            call.Receiver = this;
            _calls.Enqueue(call);
            if (Interlocked.Increment(ref _waiting) == 1) Post(static self => _ = ((Mailbox)self!).DrainAsync(), this);
            return true;
        }

        public override void Post(Action<object?> action, object? state) => _turns.Post(action, state);

        private async Task DrainAsync()
        {
            do
            {
                if (_calls.TryDequeue(out var call) && !call.IsCompleted) await call.RunAsync(this);
            }
            while (Interlocked.Decrement(ref _waiting) > 0);
        }
    }
}
