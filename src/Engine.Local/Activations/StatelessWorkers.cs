namespace CocoonPool.Engine.Local;

/// <summary>The activations of one stateless worker grain: another is made while all are busy and the limit allows it.</summary>
internal sealed class StatelessWorkers(LocalEngine engine, GrainClass grainClass, GrainTarget target, Action<Receiver> onGone)
    : Receiver(engine, target.GrainId)
{
    private readonly Lock _lock = new();
    private readonly List<Activation> _workers = [];
    private bool _gone;

    public override object? Instance => null;

    public IReadOnlyList<Activation> All
    {
        get
        {
            lock (_lock) return [.. _workers];
        }
    }

    public override bool TryReceive(Call call)
    {
        lock (_lock)
        {
            if (_gone) return false;
            var worker = _workers.MinBy(w => w.Load);
            if (worker is null || (worker.Load > 0 && _workers.Count < grainClass.MaxWorkers))
            {
                worker = new Activation(Engine, grainClass, target, Remove);
                _workers.Add(worker);
                worker.Start();
            }

            // A worker leaves the list, under this lock, before it refuses calls.
            return worker.TryReceive(call);
        }
    }

    public override void Post(Action<object?> action, object? state) => throw new NotSupportedException("Calls are cancelled at their worker.");

    private void Remove(Activation worker)
    {
        lock (_lock)
        {
            _workers.Remove(worker);
            _gone = _workers.Count == 0;
            if (_gone) onGone(this);
        }
    }
}
