namespace CocoonPool.Client.Launcher.Demo;

/// <summary>Asks until the answer is there, and says what it was waiting for when it does not come.</summary>
public sealed class Waiting(TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(150);

    public Task Until(string what, TimeSpan limit, Func<Task<bool>> isSo, CancellationToken cancellationToken) =>
        For(what, limit, async () => await isSo() ? "so" : null, cancellationToken);

    /// <param name="ask">Null while the awaited is not there yet.</param>
    public async Task<T> For<T>(string what, TimeSpan limit, Func<Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            if (time.GetElapsedTime(start) > limit)
                throw new LauncherException($"Waited {limit.TotalSeconds:0} s in vain for {what}; see ./cocoon logs with this --state.");
            await Task.Delay(Poll, time, cancellationToken);
        }
    }
}
