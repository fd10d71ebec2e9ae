using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Contract;

public interface IFilteredGrain : IGrainWithStringKey
{
    Task<string> Echo(string text);

    Task<string> Refused();

    Task Tick();

    IAsyncEnumerable<int> Numbers(int to);
}

public sealed class FilteredGrain : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    public Task<string> Echo(string text) => Task.FromResult(text);

    public Task<string> Refused() => Task.FromResult("never");

    public Task Tick()
    {
        this.RegisterGrainTimer(() => Task.CompletedTask, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<int> Numbers(int to)
    {
        await Task.Yield();
        for (var i = 0; i < to; i++) yield return i;
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Result is string text) context.Result = $"{text} own";
    }
}

public sealed class RecordingFilter(Probe probe) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is not FilteredGrain)
        {
            await context.Invoke();
            return;
        }

        if (context.InterfaceName == "IGrainTimerInvoker") probe.Tell("ticked", $"{context.MethodName} {context.SourceId}");
        if (context.MethodName.StartsWith("StartEnumeration", StringComparison.Ordinal))
        {
            probe.Tell("streamed", $"{context.InterfaceName} {context.MethodName} {((IInvokable)context.Request.GetArgument(1)!).GetMethodName()}");
        }

        if (context.InterfaceMethod.DeclaringType != typeof(IFilteredGrain))
        {
            await context.Invoke();
            return;
        }

        probe.Tell("filtered", $"{context.TargetId} {context.InterfaceMethod.Name} {context.ImplementationMethod.DeclaringType!.Name} {context.InterfaceName} {context.SourceId?.Type}");
        if (context.MethodName == nameof(IFilteredGrain.Refused)) throw new UnauthorizedAccessException("Not you.");
        if (context.Request.GetArgumentCount() == 1 && context.Request.GetArgument(0) is string) context.Request.SetArgument(0, $"{context.Request.GetArgument(0)} changed");
        await context.Invoke();
        if (context.Result is string) context.Result = $"{context.Result} outer";
    }
}

public sealed class FilterTests
{
    [Fact]
    public async Task Filters_RunAroundTheMethod_ServicesFirst_ThenTheGrainsOwn()
    {
        await using var host = await EngineHost.StartAsync(
            await EngineFixture.NewDatabaseAsync(nameof(FilterTests)), services: s => s.AddSingleton<IIncomingGrainCallFilter, RecordingFilter>());
        var grain = host.Grains.GetGrain<IFilteredGrain>("one");

        (await grain.Echo("text")).ShouldBe("text changed own outer");
        (await host.Probe.Next("filtered")).ShouldBe("filtered/one Echo FilteredGrain CocoonPool.Engine.Contract.IFilteredGrain sys.client");
        (await Should.ThrowAsync<UnauthorizedAccessException>(grain.Refused())).Message.ShouldBe("Not you.");
    }

    [Fact]
    public async Task Filters_SeeTimersAndStreams_UnderTheNamesOfTheEngine()
    {
        await using var host = await EngineHost.StartAsync(
            await EngineFixture.NewDatabaseAsync(nameof(FilterTests)), services: s => s.AddSingleton<IIncomingGrainCallFilter, RecordingFilter>());
        var grain = host.Grains.GetGrain<IFilteredGrain>("one");

        await grain.Tick();
        (await grain.Numbers(3).ToListAsync()).ShouldBe([0, 1, 2]);

        (await host.Probe.Next("ticked")).ShouldBe("InvokeCallbackAsync filtered/one");
        (await host.Probe.Next("streamed")).ShouldBe("Orleans.Runtime.IAsyncEnumerableGrainExtension StartEnumeration<T> Numbers");
    }
}
