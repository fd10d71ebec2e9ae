namespace CocoonPool.Grains.Workers.Link;

/// <summary>
/// The outgoing frames of one stream in their order. Whoever posts while nobody sends, sends: the frame is on its way before the post
/// returns, and no other thread has to be woken for it. While the socket makes a sender wait, others only queue.
/// </summary>
/// <param name="send">Sends one frame; called for one frame at a time. Its failure ends the outbox.</param>
/// <param name="capacity">How many frames may wait.</param>
public sealed class FrameOutbox<TFrame>(Func<TFrame, ValueTask> send, int capacity)
{
    /// <summary>How many frames one poster sends before a thread of the pool goes on: nobody shall be kept busy with other people's frames.</summary>
    private const int InARow = 16;

    private readonly Lock _lock = new();
    private readonly Queue<TFrame> _frames = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _room;
    private bool _sending = true;
    private bool _closed;

    /// <summary>Ends when the outbox was closed and all of it was sent, or with the failure of a send.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins to send; until then frames only queue.</summary>
    public void Open() => _ = Send();

    /// <summary>False when the outbox is full or closed. Never waits.</summary>
    public bool TryPost(TFrame frame)
    {
        lock (_lock)
        {
            if (_closed || _frames.Count >= capacity)
                return false;
            _frames.Enqueue(frame);
            if (_sending)
                return true;
            _sending = true;
        }
        _ = Send();
        return true;
    }

    /// <summary>Waits for room. False when the outbox is closed; nobody will read the frame then.</summary>
    public async ValueTask<bool> Post(TFrame frame)
    {
        while (!TryPost(frame))
        {
            Task room;
            lock (_lock)
            {
                if (_closed)
                    return false;
                if (_frames.Count < capacity)
                    continue;
                room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await room;
        }
        return true;
    }

    /// <summary>Takes nothing more; what is queued still goes out.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _room?.TrySetResult();
            if (_sending)
                return;
            _sending = true;
        }
        _ = Send();
    }

    /// <summary>Takes nothing more and drops what is queued.</summary>
    public void Break()
    {
        lock (_lock)
            _frames.Clear();
        Close();
    }

    /// <summary>Owned by <see cref="Ended"/>, which hears of every failure; runs for one caller at a time.</summary>
    private async Task Send()
    {
        try
        {
            for (var sent = 0; Next(out var frame); sent++)
            {
                // Not back to the poster's scheduler: the rest of the queue must not wait for a turn of the grain that posted.
                await send(frame).ConfigureAwait(false);
                if (sent % InARow == InARow - 1)
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
        }
        catch (Exception failure)
        {
            lock (_lock)
            {
                _closed = true;
                _frames.Clear();
                _room?.TrySetResult();
            }
            _ended.TrySetException(failure);
        }
    }

    private bool Next(out TFrame frame)
    {
        lock (_lock)
        {
            if (_frames.TryDequeue(out frame!))
            {
                _room?.TrySetResult();
                _room = null;
                return true;
            }
            if (!_closed)
            {
                _sending = false;
                return false;
            }
        }
        _ended.TrySetResult();
        return false;
    }
}
