using CocoonPool.Bench.Harness;

namespace CocoonPool.Bench.Tests;

public class CatalogueTests
{
    [Fact]
    public void All_HaveNamesOfTheirOwn() => Catalogue.All.Select(benchmark => benchmark.Name).ShouldBeUnique();

    [Fact]
    public void Select_ByRoom_TakesAllOfIt() =>
        Catalogue.Select(Catalogue.All, ["engine"]).Selected.ShouldBe(Catalogue.All.Where(benchmark => benchmark.Room == "Engine"));

    [Fact]
    public void Select_ByName_TakesOne() => Catalogue.Select(Catalogue.All, ["calls"]).Selected.ShouldHaveSingleItem();

    [Fact]
    public void Select_AnUnknownName_ComesBack() => Catalogue.Select(Catalogue.All, ["calls", "cals"]).Unknown.ShouldBe(["cals"]);
}
