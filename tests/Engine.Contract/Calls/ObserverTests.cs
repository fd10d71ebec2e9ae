namespace CocoonPool.Engine.Contract;

public interface IListener : IGrainObserver
{
    void Heard(string text);

    Task<string> Asked(string text);
}

public interface ISpeakerGrain : IGrainWithStringKey
{
    Task Subscribe(IListener listener);

    Task Say(string text);

    Task<string> Ask(string text);
}

public sealed class SpeakerGrain : Grain, ISpeakerGrain
{
    private readonly List<IListener> _listeners = [];

    public Task Subscribe(IListener listener)
    {
        _listeners.Add(listener);
        return Task.CompletedTask;
    }

    public Task Say(string text)
    {
        _listeners.ForEach(l => l.Heard(text));
        return Task.CompletedTask;
    }

    public Task<string> Ask(string text) => _listeners[0].Asked(text);
}

public sealed class ObserverTests(EngineFixture engine)
{
    private readonly string _key = $"speaker-{Guid.NewGuid()}";

    [Fact]
    public async Task Observer_HearsAndAnswers()
    {
        var speaker = engine.Grains.GetGrain<ISpeakerGrain>(_key);
        var listener = new Listener(engine.Probe, _key);
        var reference = engine.Grains.CreateObjectReference<IListener>(listener);
        await speaker.Subscribe(reference);

        await speaker.Say("hello");
        var answer = await speaker.Ask("question");

        (await engine.Probe.Next(_key)).ShouldBe("hello");
        answer.ShouldBe("question?");
        engine.Grains.DeleteObjectReference<IListener>(reference);
        GC.KeepAlive(listener);
    }

    [Fact]
    public async Task Observer_ThatFails_DoesNotDisturbTheSpeaker()
    {
        var speaker = engine.Grains.GetGrain<ISpeakerGrain>(_key);
        var listener = new Listener(engine.Probe, _key);
        var reference = engine.Grains.CreateObjectReference<IListener>(listener);
        await speaker.Subscribe(reference);

        await speaker.Say("fail");
        await speaker.Say("after");

        (await engine.Probe.Next(_key)).ShouldBe("after");
        GC.KeepAlive(listener);
    }

    private sealed class Listener(Probe probe, string name) : IListener
    {
        public void Heard(string text)
        {
            if (text == "fail") throw new UnusualException("deaf");
            probe.Tell(name, text);
        }

        public Task<string> Asked(string text) => Task.FromResult($"{text}?");
    }
}
