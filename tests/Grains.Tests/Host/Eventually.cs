namespace CocoonPool.Grains.Tests.Host;

/// <summary>Waits for something that the engine does in its own time, such as answering a reminder.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task Holds(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            patience.IsCancellationRequested.ShouldBeFalse($"Waited {Patience} for: {what}");
            await Task.Yield();
        }
    }
}
