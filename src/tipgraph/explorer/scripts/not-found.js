// A host shows this page for any address, so that its links cannot be relative: they begin in the folder of the site.
// Two slashes at its start would lead to another host.
const folder = location.pathname.replace(/^\/+/, "/").replace(/\/(?:id|code|graph|ontology|query|-)\/.*$|\/[^/]*$/, "/");
for (const link of document.querySelectorAll("[data-page]")) link.href = folder + link.dataset.page;
