using System.Collections.Concurrent;

namespace CocoonPool.Client.Agent.Receipts;

/// <summary>
/// One thread of its own that waits for the disk. A flush takes milliseconds, on a busy disk far more, and the agent's other threads are
/// few on a small machine: one of them that waits here would keep tokens waiting.
/// </summary>
internal sealed class DiskThread : IDisposable
{
    private readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> _work = [];

    public DiskThread() => new Thread(Run) { Name = "receipts", IsBackground = true }.Start();

    /// <summary>Does the work after all that was given before; its exception is the task's.</summary>
    public Task Do(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add((work, done));
        return done.Task;
    }

    /// <summary>Ends the thread when its work is done.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var (work, done) in _work.GetConsumingEnumerable())
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }
        _work.Dispose();
    }
}
