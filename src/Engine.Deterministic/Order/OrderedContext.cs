namespace CocoonPool.Engine.Deterministic;

/// <summary>Brings the continuations of code outside grains into the order of the world.</summary>
/// <param name="life">The engine whose end silences the code, or null for clients, which outlive engines.</param>
internal sealed class OrderedContext(World world, string name, Incarnation? life = null) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (life is null or { IsAlive: true }) world.Add(new Ready(TraceKind.Client, name, "", life, null, () => Run(d, state)));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    private void Run(SendOrPostCallback d, object? state)
    {
        SetSynchronizationContext(this);
        try
        {
            d(state);
        }
        finally
        {
            SetSynchronizationContext(null);
        }
    }
}
